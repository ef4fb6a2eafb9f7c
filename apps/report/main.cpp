// snnl-report: analyses as one page for the browser, which opens offline.

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "common/common_options.hpp"
#include "common/output.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "report/page/page.hpp"
#include "report/report.hpp"
#include "snnl/error.hpp"

namespace {

constexpr const char* name = "snnl-report";

struct Options {
  std::vector<std::string> analyses, labels;
  std::string outliers, out, specs, title;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  app.add_option("ANALYSIS", o.analyses, "Analyses as snnl-analyze --json writes them; two or more are compared")
      ->required()
      ->option_text("ANALYSIS.json...");
  app.add_option("--label", o.labels, "Name of each analysis, in their order; repeatable [names of the files]")
      ->allow_extra_args(false)
      ->option_text("NAME")
      ->group("Input");
  app.add_option("--outliers", o.outliers, "Also show what snnl-outliers --json wrote")
      ->option_text("FILE.json")
      ->check(tool::not_empty())
      ->group("Input");
  app.add_option("-o,--out", o.out, "Write the page")
      ->option_text("FILE.html")
      ->check(tool::not_empty())
      ->check(tool::names_page())
      ->group("Output");
  app.add_option("--title", o.title, "Its title [the names of the analyses]")->option_text("TEXT")->group("Output");
  app.add_option("--spec", o.specs, "Also write the pictures as Vega-Lite specifications with their data, NAME.vl.json")
      ->option_text("FOLDER")
      ->check(tool::not_empty())
      ->group("Output");
  app.add_flag("-q,--quiet", o.quiet, "Print nothing")->group("Output");
  tool::add_version(app);
  app.footer(
      "Example: look at a run beside another one\n"
      "  snnl-report plain.json entangled.json -o report.html\n\n"
      "Exit status: 0 written, 2 usage or input error.");
}

std::string title_of(const Options& o, const std::vector<snnl::report::Run>& runs) {
  if (!o.title.empty()) return o.title;
  std::string title;
  for (const snnl::report::Run& run : runs) title.append(title.empty() ? "" : " and ").append(run.name);
  return title;
}

/// Finished before any of them appears in the folder.
void write_specifications(const Options& o, const std::vector<snnl::report::Run>& runs,
                          const snnl::report::OutlierSummary* outliers, const std::vector<std::string>& inputs) {
  std::error_code failure;
  std::filesystem::create_directories(o.specs, failure);
  if (failure) throw snnl::Error(o.specs, fmt::format("the folder could not be created ({})", failure.message()));
  std::vector<std::unique_ptr<tool::Output>> files;
  for (const auto& spec : snnl::report::specifications(report::specifications(), runs, outliers)) {
    const std::string file = (std::filesystem::path(o.specs) / (spec.name + ".vl.json")).string();
    tool::check_outputs({{"--out", o.out}, {"--spec", file}}, inputs);
    files.push_back(std::make_unique<tool::Output>(file));
    files.back()->stream() << spec.json;
    if (!spec.notice.empty() && !o.quiet) tool::print_note(name, fmt::format("{} {}", file, spec.notice));
  }
  for (const auto& file : files) file->commit();
}

int run(const Options& o) {
  if (o.out.empty() && o.specs.empty()) {
    throw snnl::Error("--out", "is missing", "name the page to write, or a folder for --spec");
  }
  if (!o.out.empty() && report::page().empty()) {
    throw snnl::Error("--out", "this snnl-report was built without its page, which needs npm",
                      "install npm (scripts/install-deps report) and build again, or use --spec alone");
  }
  std::vector<std::string> inputs = o.analyses;
  if (!o.outliers.empty()) inputs.push_back(o.outliers);
  tool::check_outputs({{"--out", o.out}}, inputs);
  tool::Output page(o.out);
  const std::vector<snnl::report::Run> runs = snnl::report::read_runs(o.analyses, o.labels);
  for (const std::string& one : snnl::report::incomparable(runs)) {
    if (!o.quiet) tool::print_note(name, one);
  }
  std::optional<snnl::report::OutlierSummary> summary;
  if (!o.outliers.empty()) summary = snnl::report::read_outlier_summary(o.outliers);
  const snnl::report::OutlierSummary* const outliers = summary ? &*summary : nullptr;
  if (page) snnl::report::write_page(page.stream(), report::page(), runs, title_of(o, runs), outliers);
  if (!o.specs.empty()) write_specifications(o, runs, outliers, inputs);
  tool::finish_stdout();
  page.commit();
  return tool::ok;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(name, [&] {
    Options options;
    CLI::App app(
        "Writes analyses as one page for the browser that opens without a network: curves of the layers, class\n"
        "similarity at every epoch, pairs, classes, and runs side by side.",
        name);
    declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    return run(options);
  });
}
