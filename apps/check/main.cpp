// snnl-check: holds an analysis against a baseline, item by item.

#include <fmt/format.h>

#include <iostream>

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

constexpr const char* name = "snnl-check";

struct Options {
  std::string current, baseline, config;
  std::vector<std::string> tolerances, directions, layers;
  std::string epochs;
  std::string json, markdown, junit;
  bool update = false;
  bool all = false;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  app.add_option("CURRENT", o.current, "The analysis to judge, as snnl-analyze --json writes it")
      ->required()
      ->option_text("CURRENT.json");
  app.add_option("--baseline", o.baseline, "The analysis to hold it against [the one that --config names]")
      ->option_text("BASE.json")
      ->check(tool::not_empty())
      ->group("Input");
  app.add_option("--config", o.config, "Rules of a repository, snnl.check-config/1; options given here win")
      ->option_text("FILE")
      ->check(tool::not_empty())
      ->group("Input");

  app.add_option(
         "--tolerance", o.tolerances,
         "How far a metric may move: '[LAYER_GLOB:]METRIC:VALUE', VALUE 5% (of the baseline) or 0.02; METRIC is "
         "any number of an item; repeatable, the last match holds [entanglement: 1 % or three standard errors]")
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

  tool::add_output(app, "--json", o.json, "Write everything as snnl.check/1; '-' is stdout");
  tool::add_output(app, "--markdown", o.markdown, "Write a comment for a pull request; '-' is stdout");
  tool::add_output(app, "--junit", o.junit, "Write JUnit XML, for the test report of a CI system; '-' is stdout");
  app.add_flag("--update", o.update, "Write CURRENT as the new baseline, whatever it was")
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
snnl::check::Config config_of(const Options& o) {
  snnl::check::Config config;
  if (!o.config.empty()) config = snnl::check::read_config(o.config);
  snnl::check::Rules& rules = config.rules;
  for (const std::string& text : o.tolerances) {
    rules.tolerances.push_back(snnl::check::parse_tolerance(text, "--tolerance"));
  }
  for (const std::string& text : o.directions) {
    rules.directions.push_back(snnl::check::parse_direction(text, "--direction"));
  }
  if (!o.layers.empty()) rules.layers = o.layers;
  if (!o.epochs.empty()) rules.epochs = o.epochs;
  if (!o.baseline.empty()) config.baseline = o.baseline;
  if (config.baseline.empty()) {
    throw snnl::Error("--baseline",
                      fmt::format("is missing{}; name the analysis to compare with",
                                  o.config.empty() ? std::string() : ", and " + o.config + " names none"));
  }
  return config;
}

void check_paths(const Options& o, const std::string& baseline) {
  if (snnl::files::same_file(o.current, baseline)) {
    throw snnl::Error(o.current, "is the baseline itself, which would always pass", "name two files");
  }
  std::vector<std::string> inputs{o.current};
  if (!o.config.empty()) inputs.push_back(o.config);
  if (o.update) {
    tool::check_outputs({{"--update", baseline}}, inputs);
    return;
  }
  inputs.push_back(baseline);
  tool::check_outputs({{"--json", o.json}, {"--markdown", o.markdown}, {"--junit", o.junit}}, inputs);
}

int update(const Options& o, const snnl::check::Config& config) {
  const snnl::Analysis current = snnl::read_analysis(o.current);
  for (const snnl::AnalysedItem& item : current.items) {
    if (item.result) continue;
    throw snnl::Error(o.current,
                      fmt::format("epoch {} of layer '{}' is in error, and could never pass", item.epoch, item.layer),
                      "analyse it again first");
  }
  const bool exists = snnl::files::file_exists(config.baseline);
  std::string report =
      fmt::format("new baseline {}: {} items\n", snnl::text::shown_name(config.baseline), current.items.size());
  if (exists) {
    // What is replaced must be a baseline: a slip of the hand must not cost another file.
    std::optional<snnl::Analysis> old;
    try {
      old = snnl::read_analysis(config.baseline);
    } catch (const snnl::Error& e) {
      throw snnl::Error("", std::string(e.what()), "remove it first if it is to be replaced");
    }
    report =
        fmt::format("{}replaced {}\n",
                    snnl::check::to_table(snnl::check::compare(current, o.current, *old, config.baseline, config.rules),
                                          o.all ? snnl::check::all_rows : 40),
                    snnl::text::shown_name(config.baseline));
  }
  snnl::files::OutputFile out(config.baseline);
  snnl::files::copy_bytes(o.current, out);
  // Replaced when what changes has been shown, and only then.
  if (!o.quiet) std::cout << report;
  tool::finish_stdout();
  out.commit();
  return tool::ok;
}

int check(const Options& o, const snnl::check::Config& config) {
  namespace check = snnl::check;
  tool::Output json(o.json), markdown(o.markdown), junit(o.junit);
  const snnl::Analysis current = snnl::read_analysis(o.current);
  if (!snnl::files::file_exists(config.baseline)) {
    throw snnl::Error(config.baseline, "does not exist", "snnl-check --update writes it");
  }
  const snnl::Analysis baseline = snnl::read_analysis(config.baseline);
  const check::CheckResult result = check::compare(current, o.current, baseline, config.baseline, config.rules);
  if (json) check::write_json(json.stream(), result);
  if (markdown) markdown.stream() << check::to_markdown(result);
  if (junit) junit.stream() << check::to_junit(result);
  const bool to_stdout = o.json == "-" || o.markdown == "-" || o.junit == "-";
  if (!o.quiet && !to_stdout) std::cout << check::to_table(result, o.all ? check::all_rows : 40);
  tool::finish_stdout();
  for (tool::Output* output : {&json, &markdown, &junit}) output->commit();
  if (!result.comparable()) {
    const std::string why = result.differences.empty() ? "no item of both could be compared" : result.differences[0];
    tool::print_error(name, fmt::format("{}: cannot be compared with {}: {}", o.current, config.baseline, why));
    return tool::unusable;
  }
  return result.passed() ? tool::ok : tool::failed;
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
    const snnl::check::Config config = config_of(options);
    check_paths(options, config.baseline);
    return options.update ? update(options, config) : check(options, config);
  });
}
