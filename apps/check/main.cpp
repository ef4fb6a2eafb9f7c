// snnl-check: holds an analysis against a baseline, item by item.

#include <fmt/format.h>

#include <iostream>

#include "check/baseline_files.hpp"
#include "check/writers.hpp"
#include "common/common_options.hpp"
#include "common/output.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "snnl/analysis.hpp"
#include "snnl/error.hpp"
#include "snnl/files/copy.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/files/output_target.hpp"
#include "snnl/text/printable.hpp"

namespace {

namespace check = snnl::check;

constexpr const char* name = "snnl-check";

struct Options {
  std::string current, config;
  std::vector<std::string> baselines, tolerances, directions, layers;
  std::string epochs;
  std::string json, markdown, junit;
  bool update = false;
  bool all = false;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  app.add_option("CURRENT", o.current, "The analysis to judge, as snnl-analyze --json writes it")
      ->option_text("CURRENT.json");
  app.add_option("--baseline", o.baselines,
                 "The analysis to hold it against; or those of several seeds, three at least, or a folder of them: the "
                 "limit then is how far another seed may be from their mean [what --config names]")
      ->option_text("BASE.json...")
      ->check(tool::not_empty())
      ->group("Input");
  app.add_option("--config", o.config, "Rules of a repository, snnl.check-config/1; options given here win")
      ->option_text("FILE")
      ->check(tool::not_empty())
      ->group("Input");

  app.add_option(
         "--tolerance", o.tolerances,
         "How far a metric may move: '[LAYER_GLOB:]METRIC:VALUE', VALUE 5% (of the baseline) or 0.02; METRIC is "
         "any number of an item; repeatable, the last match holds [entanglement: 1 % or three standard errors; with "
         "several baselines, 1 % or their spread]")
      ->allow_extra_args(false)
      ->option_text("RULE")
      ->group("Rules");
  app.add_option("--direction", o.directions,
                 "Which way is worse, 'METRIC:lower', 'METRIC:higher' or 'METRIC:both'; repeatable [both]")
      ->allow_extra_args(false)
      ->option_text("RULE")
      ->group("Rules");
  app.add_option("--layers", o.layers, "Layers to compare, by glob ('conv*'); repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB")
      ->group("Rules");
  app.add_option("--epochs", o.epochs, "Epochs to compare: '7', '1,2,5', '0:50:5' (50 is left out) [all]")
      ->option_text("LIST")
      ->group("Rules");

  tool::add_output(app, "-o,--json", o.json, "Write everything as snnl.check/1; '-' is stdout");
  tool::add_output(app, "--markdown", o.markdown, "Write a comment for a pull request; '-' is stdout");
  tool::add_output(app, "--junit", o.junit, "Write JUnit XML, for the test report of a CI system; '-' is stdout");
  app.add_flag(
         "--update", o.update,
         "Write CURRENT as the new baseline, whatever it was; or, of several, add it: as the one that does not exist "
         "yet, or to the folder")
      ->excludes(app.get_option("--json"))
      ->excludes(app.get_option("--markdown"))
      ->excludes(app.get_option("--junit"))
      ->group("Output");
  app.add_flag("--all", o.all, "Print all comparisons, not only the worst")->group("Output");
  app.add_flag("-q,--quiet", o.quiet, "Print nothing")->group("Output");
  tool::add_version(app);
  app.footer(
      "Example: let no layer be more than 5 % more entangled than in the baseline\n"
      "  snnl-check run.json --baseline base.json --tolerance entanglement:5% --direction entanglement:higher\n\n"
      "Exit status: 0 passed, 1 the gate failed, 2 nothing could be compared, or usage error.");
}

/// The rules and baseline of --config, with what the command line says on top.
check::Config config_of(const Options& o) {
  check::Config config;
  if (!o.config.empty()) config = check::read_config(o.config);
  check::Rules& rules = config.rules;
  for (const std::string& text : o.tolerances) {
    rules.tolerances.push_back(check::parse_tolerance(text, "--tolerance"));
  }
  for (const std::string& text : o.directions) {
    rules.directions.push_back(check::parse_direction(text, "--direction"));
  }
  if (!o.layers.empty()) rules.layers = o.layers;
  if (!o.epochs.empty()) rules.epochs = o.epochs;
  if (!o.baselines.empty()) config.baselines = o.baselines;
  if (o.current.empty()) {
    throw snnl::Error("CURRENT.json", "is missing",
                      o.baselines.size() > 1 ? "put it before --baseline, which takes all files that follow it"
                                             : "name the analysis to judge");
  }
  if (config.baselines.empty()) {
    throw snnl::Error("--baseline",
                      fmt::format("is missing{}; name the analysis to compare with",
                                  o.config.empty() ? std::string() : ", and " + o.config + " names none"));
  }
  return config;
}

void check_paths(const Options& o, const check::BaselineFiles& files) {
  for (const std::string& file : files.there) {
    if (!snnl::files::same_file(o.current, file)) continue;
    throw snnl::Error(o.current, "is the baseline itself, which would always pass", "name two files");
  }
  std::vector<std::string> inputs{o.current};
  if (!o.config.empty()) inputs.push_back(o.config);
  for (const std::string& file : files.there) {
    if (!o.update || file != files.target) inputs.push_back(file);
  }
  if (o.update) {
    tool::check_outputs({{"--update", files.target}}, inputs);
  } else {
    tool::check_outputs({{"--json", o.json}, {"--markdown", o.markdown}, {"--junit", o.junit}}, inputs);
  }
}

std::vector<snnl::Analysis> read_all(const std::vector<std::string>& files) {
  std::vector<snnl::Analysis> out;
  for (const std::string& file : files) out.push_back(snnl::read_analysis(file));
  return out;
}

/// The one, or the several.
check::Baseline baseline_of(const std::vector<snnl::Analysis>& analyses, const std::vector<std::string>& files) {
  return files.size() == 1 ? check::baseline_of(analyses[0], files[0]) : check::baseline_of(analyses, files);
}

std::string table_of(const Options& o, const check::CheckResult& result) {
  return check::to_table(result, o.all ? check::all_rows : 40);
}

/// What is replaced must be a baseline: a slip of the hand must not cost another file.
check::Baseline read_replaced(const std::string& file) {
  try {
    return check::baseline_of(snnl::read_analysis(file), file);
  } catch (const snnl::Error& e) {
    throw snnl::Error("", std::string(e.what()), "remove it first if it is to be replaced");
  }
}

/// What is said of CURRENT as a new baseline.
std::string update_report(const Options& o, const check::Config& config, const check::BaselineFiles& files,
                          const snnl::Analysis& current) {
  const std::string target = snnl::text::shown_name(files.target);
  std::vector<std::string> others = files.there;
  std::erase(others, files.target);
  const bool exists = others.size() < files.there.size();
  std::vector<snnl::Analysis> set = read_all(others);
  std::string report;
  if (exists) {
    report = table_of(o, check::compare(current, o.current, read_replaced(files.target), config.rules));
  } else if (!others.empty() && (others.size() == 1 || others.size() >= check::least_runs)) {
    report = table_of(o, check::compare(current, o.current, baseline_of(set, others), config.rules));
  }
  if (!others.empty()) {
    set.push_back(current);
    std::vector<std::string> names = others;
    names.push_back(o.current);
    check::require_set(set, names);
    if (exists || others.size() == 2) {  // else the table says it
      for (const std::string& line : check::sample_remarks(set, names)) {
        report += fmt::format("  {}\n", snnl::text::message_line(line));
      }
    }
  }
  if (exists) {
    report += fmt::format("replaced {}\n", target);
  } else {
    report += fmt::format("new baseline {}: {} items\n", target, current.items.size());
  }
  if (const std::size_t runs = others.size() + 1; runs > 1) {
    report += fmt::format("{} baselines{}\n", runs,
                          runs < check::least_runs ? fmt::format("; {} tell the spread", check::least_runs) : "");
  }
  return report;
}

int update(const Options& o, const check::Config& config, const check::BaselineFiles& files) {
  const snnl::Analysis current = snnl::read_analysis(o.current);
  for (const snnl::AnalysedItem& item : current.items) {
    if (item.result) continue;
    throw snnl::Error(o.current,
                      fmt::format("epoch {} of layer '{}' is in error, and could never pass", item.epoch, item.layer),
                      "analyse it again first");
  }
  const std::string report = update_report(o, config, files, current);
  snnl::files::OutputFile out(files.target);
  snnl::files::copy_bytes(o.current, out);
  // Replaced when what changes has been shown, and only then.
  if (!o.quiet) std::cout << report;
  tool::finish_stdout();
  out.commit();
  return tool::ok;
}

int judge(const Options& o, const check::Config& config, const check::BaselineFiles& files) {
  tool::Output json(o.json), markdown(o.markdown), junit(o.junit);
  const snnl::Analysis current = snnl::read_analysis(o.current);
  const check::CheckResult result =
      check::compare(current, o.current, baseline_of(read_all(files.there), files.there), config.rules);
  if (json) check::write_json(json.stream(), result);
  if (markdown) markdown.stream() << check::to_markdown(result);
  if (junit) junit.stream() << check::to_junit(result);
  const bool to_stdout = o.json == "-" || o.markdown == "-" || o.junit == "-";
  if (!o.quiet && !to_stdout) std::cout << table_of(o, result);
  tool::finish_stdout();
  for (tool::Output* output : {&json, &markdown, &junit}) output->commit();
  if (!result.comparable()) {
    const std::string why = result.differences.empty() ? "no item of both could be compared" : result.differences[0];
    tool::print_error(name, fmt::format("{}: cannot be compared with {}: {}", o.current, result.baseline_name, why));
    return tool::unusable;
  }
  return result.passed() ? tool::ok : tool::failed;
}

/// The files that are there, where what is asked for can be done with them.
check::BaselineFiles files_of(const Options& o, const check::Config& config) {
  check::BaselineFiles files = check::find_baselines(config.baselines, o.current);
  if (o.update && files.target.empty()) {
    const std::string missing = files.missing.empty() ? "none is" : std::to_string(files.missing.size()) + " are";
    throw snnl::Error("--update", fmt::format("of {} baselines, {} missing", config.baselines.size(), missing),
                      "name one that does not exist, which is added; or one alone, which is replaced");
  }
  if (!o.update && !files.missing.empty()) {
    throw snnl::Error(files.missing[0], "does not exist", "snnl-check --update writes it");
  }
  if (!o.update && files.there.empty()) {
    throw snnl::Error(config.baselines[0], "holds no analyses", "snnl-check --update adds one");
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(name, [&] {
    Options options;
    CLI::App app(
        "A gate for CI: compares two analyses item by item, and fails where a number moved too far or cannot be\n"
        "compared.",
        name);
    declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    const check::Config config = config_of(options);
    const check::BaselineFiles files = files_of(options, config);
    check_paths(options, files);
    return options.update ? update(options, config, files) : judge(options, config, files);
  });
}
