// snnl-inspect: what is in an activation dump, whether it is sound, and the command that reads it.

#include <fmt/format.h>

#include <iostream>

#include "common/common_options.hpp"
#include "common/numbers.hpp"
#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "snnl/error.hpp"
#include "snnl/inspect/inspect_dump.hpp"
#include "snnl/isolation/isolation.hpp"

namespace {

constexpr const char* name = "snnl-inspect";

struct Options {
  std::vector<std::string> dumps;
  snnl::inspect::InspectOptions inspect;
  std::string json;
  bool no_data = false;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  app.add_option("DUMP", o.dumps, "Activation dumps (HDF5) that belong together: one file, or one file per epoch")
      ->required()
      ->option_text("FILE...");
  app.add_option("--layout", o.inspect.layout,
                 "Where the datasets are, as for snnl-analyze [version 1, else a layout is proposed]")
      ->option_text("PATTERN")
      ->group("Input");
  app.add_option("--labels", o.inspect.labels, "Label set, as for snnl-analyze [/labels, else one is proposed]")
      ->option_text("PATH|NAME")
      ->group("Input");
  tool::add_ignored_labels(app, o.inspect.ignored_labels);
  tool::add_integer_bits(app, o.inspect.integer_bits);
  app.add_flag("--no-data", o.no_data, "Read no values: quick, but NaN, damaged data and equal samples go unseen")
      ->group("Input");
  app.add_option("--threads", o.inspect.threads, "Threads, 0 for one per processor")
      ->check(tool::whole_number(0, 1024))
      ->capture_default_str()
      ->group("Computation");
  tool::add_output(app, "-o,--json", o.json, "Write everything as snnl.inspect/1; '-' is stdout");
  app.add_flag("-q,--quiet", o.quiet, "No report, no progress bar")->group("Output");
  tool::add_version(app);
  app.footer(
      "Example: look at a file before analysing it\n"
      "  snnl-inspect run.h5\n\n"
      "Exit status: 0 sound (warnings aside), 1 errors were found, 2 unreadable file or usage error.");
}

int run(const Options& o) {
  const snnl::isolation::Isolation isolation;
  tool::Output json(o.json);
  tool::Progress progress(!o.quiet);
  snnl::inspect::InspectOptions options = o.inspect;
  options.data = !o.no_data;
  const snnl::inspect::Inspection inspection = isolation.inspect(
      o.dumps, options, [&](double fraction, const std::string& next) { progress.update(fraction, next); });
  progress.clear();

  for (const auto& finding : inspection.findings) {
    for (const auto& file : inspection.files) {
      if (file.readable || finding.file != file.name || !finding.path.empty()) continue;
      tool::print_error(name, fmt::format("{}: {}{}", finding.file, finding.message,
                                          finding.advice.empty() ? "" : "; " + finding.advice));
      break;
    }
  }
  if (json) snnl::inspect::write_json(json.stream(), inspection);
  if (!o.quiet && o.json != "-") std::cout << snnl::inspect::to_table(inspection);
  tool::finish_stdout();
  json.commit();
  if (!inspection.readable()) return tool::unusable;
  return inspection.count(snnl::inspect::Severity::error) > 0 ? tool::failed : tool::ok;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(name, [&] {
    Options options;
    CLI::App app(
        "What is in an activation dump: epochs, layers, types, sizes, labels; everything that is wrong with it; and\n"
        "the snnl-analyze command that reads it. For files of another layout it proposes that layout.",
        name);
    declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    tool::check_outputs({{"--json", options.json}}, options.dumps);
    return run(options);
  });
}
