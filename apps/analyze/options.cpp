#include "analyze/options.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include "analyze/watched_files.hpp"
#include "common/common_options.hpp"
#include "common/numbers.hpp"
#include "common/output.hpp"
#include "common/tool.hpp"
#include "report/page/page.hpp"
#include "snnl/analysis/per_sample.hpp"
#include "snnl/error.hpp"

namespace analyze {

bool Options::to_stdout() const {
  return json == "-" || csv == "-" || similarity_csv == "-" || per_sample == "-" || report == "-";
}

namespace {

void declare_input(CLI::App& app, Options& o) {
  app.add_option("DUMP", o.dumps,
                 "Activation dumps (HDF5): one file, one file per epoch, or, with --follow, a folder of them")
      ->required()
      ->option_text("FILE...");

  app.add_option(
         "--layout", o.analysis.layout,
         "Where the datasets are, for files of another layout: '/runs/{epoch}/{layer}/act', '/{layer}/{epoch}', "
         "'/{layer}[{epoch}]' for an epoch axis, '/{layer}' with one file per epoch")
      ->option_text("PATTERN")
      ->group("Input");
  app.add_option("--labels", o.analysis.labels,
                 "Label set: a path, which may hold {epoch}, or a name under /label_sets [/labels]")
      ->option_text("PATH|NAME")
      ->group("Input");
  tool::add_ignored_labels(app, o.analysis.ignored_labels);
  app.add_option("--layers", o.analysis.layers,
                 "Layers to analyse, by glob ('conv*', 'conv*,logits'); repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB")
      ->group("Input");
  app.add_option("--epochs", o.analysis.epochs,
                 "Epochs to analyse: '7', '1,2,5', '0:50:5' (50 is left out), 'last', '-3:' [all]")
      ->option_text("LIST")
      ->group("Input");
  tool::add_named(app, "--nonfinite", o.analysis.nonfinite,
                  "Samples with NaN or Inf: error, or drop them from their item", "Input");
  tool::add_integer_bits(app, o.analysis.integer_bits);
  tool::add_pooling(app, o.analysis.pooling, "Input");
}

void declare_computation(CLI::App& app, Options& o) {
  snnl::EntanglementOptions& e = o.analysis.entanglement;
  app.add_option("--temperature", o.temperature, "auto: the one that minimises the entanglement; or a number > 0")
      ->capture_default_str()
      ->group("Computation");
  app.add_option("--temperature-curve", e.temperature_curve,
                 "Also give the entanglement at N temperatures; 0, or from 2 to 4096")
      ->check(tool::whole_number(0, 4096))
      ->capture_default_str()
      ->group("Computation");
  tool::add_distance(app, e.distance, "Computation");
  tool::add_features(app, o.analysis.features, "the samples of the layer", "Computation");
  tool::add_named(app, "--precision", e.precision,
                  "auto (float where that is exact to 1e-5, else double), float, or double", "Computation");
  app.add_option("--rows", e.rows,
                 "Take the neighbourhoods of Q samples only, drawn at random from each class, among all samples; for "
                 "where all pairs are too many. 0: all")
      ->option_text("Q")
      ->check(tool::whole_number(0))
      ->group("Computation");
  app.add_option("--neighborhood", e.neighborhood,
                 "Numbers as neighbourhoods of M samples have them: means over random draws of M, which do not depend "
                 "on how many samples there are; for comparing runs of different size, or with the batches of a "
                 "training. 0: one neighbourhood of all samples")
      ->option_text("M")
      ->check(tool::whole_number(0))
      ->excludes(app.get_option("--rows"))
      ->excludes(app.get_option("--temperature-curve"))
      ->group("Computation");
  app.add_option("--seed", e.seed, "Of the drawing of --rows and --neighborhood")
      ->check(tool::whole_number(0))
      ->capture_default_str()
      ->group("Computation");
  app.add_flag(
         "--verify", e.verify,
         "Hold every result against a dense scan of all temperatures in double, by the definition; an item that fails "
         "is in error. Slow")
      ->group("Computation");
  app.add_option("--memory", o.memory,
                 "Upper bound on memory, such as 2GiB; room that is left keeps distances between passes [as needed]")
      ->option_text("SIZE")
      ->transform(tool::size_in_bytes())
      ->group("Computation");
  tool::add_threads(app, e.threads, "Computation", "the results do not depend on it");
}

void declare_output(CLI::App& app, Options& o) {
  tool::add_output(app, "-o,--json", o.json, "Write everything as snnl.analysis/1; '-' is stdout");
  tool::add_output(app, "--csv", o.csv, "Write one row per item");
  tool::add_output(app, "--similarity-csv", o.similarity_csv, "Write the class similarity, one row per pair");
  tool::add_output(app, "--per-sample", o.per_sample, "Write the loss of each sample, FILE.csv or FILE.h5");
  tool::add_csv_safe(app, o.csv_text);
  app.add_option("--report", o.report, "Write a page for the browser, as snnl-report does")
      ->option_text("FILE.html")
      ->check(tool::not_empty())
      ->check(tool::names_page())
      ->group("Output");
}

void declare_long_runs(CLI::App& app, Options& o) {
  app.add_flag("--resume", o.resume,
               "Keep the items in --json that were made from the same data with the same options, and go on")
      ->needs(app.get_option("--json"))
      ->excludes(app.get_option("--per-sample"))
      ->group("Live and long runs");
  app.add_flag("--follow", o.follow,
               "Wait for more epochs, in the files or in a folder, and write the outputs anew with each one")
      ->excludes(app.get_option("--per-sample"))
      ->group("Live and long runs");
  app.add_option("--idle-timeout", o.idle_timeout,
                 "End --follow after this long without a change, '90', '10m', '2h' [never]")
      ->option_text("TIME")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}},
                                        CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"))
      ->check(tool::positive())
      ->needs(app.get_option("--follow"))
      ->group("Live and long runs");
  app.add_option("--until-epoch", o.until_epoch, "End --follow when this epoch, or a later one, has been analysed")
      ->option_text("N")
      ->check(tool::whole_number(0, std::numeric_limits<std::int64_t>::max()))
      ->needs(app.get_option("--follow"))
      ->group("Live and long runs");
}

}  // namespace

void declare(CLI::App& app, Options& o) {
  declare_input(app, o);
  declare_computation(app, o);
  declare_output(app, o);
  declare_long_runs(app, o);
  app.add_flag("--details", o.details, "Standard errors and effective neighbours in the table as well")
      ->group("Output");
  app.add_flag("-q,--quiet", o.quiet, "No table, no progress bar")->group("Output");
  tool::add_version(app);
  app.footer(
      "Example: analyse the convolutional layers at every fifth epoch and keep all numbers\n"
      "  snnl-analyze run.h5 --layers 'conv*' --epochs ::5 --json run.json\n\n"
      "Exit status: 0 done, 1 some (epoch, layer) could not be analysed, 2 usage or input error, 130 or 143 ended by "
      "Ctrl-C or SIGTERM: what was done is written.");
}

void validate(Options& o) {
  snnl::EntanglementOptions& e = o.analysis.entanglement;
  if (o.temperature != "auto") {
    double value = 0;
    if (!CLI::detail::lexical_cast(o.temperature, value) || !(value > 0) || !std::isfinite(value)) {
      throw snnl::Error("--temperature", fmt::format("'{}' is not 'auto' or a number > 0", o.temperature));
    }
    e.temperature = value;
  }
  if (e.temperature_curve == 1) throw snnl::Error("--temperature-curve", "needs at least 2 temperatures");

  std::vector<std::string> inputs = o.dumps;
  if (o.follow) {
    for (const std::string& path : o.dumps) {
      for (std::string& file : dumps_in(path)) inputs.push_back(std::move(file));
    }
  }
  tool::check_outputs({{"--json", o.json},
                       {"--csv", o.csv},
                       {"--similarity-csv", o.similarity_csv},
                       {"--per-sample", o.per_sample},
                       {"--report", o.report}},
                      inputs);
  if (!o.per_sample.empty() && o.per_sample != "-" && !snnl::analysis::is_hdf5_name(o.per_sample) &&
      std::filesystem::path(o.per_sample).extension() != ".csv") {
    throw snnl::Error("--per-sample", fmt::format("'{}' ends in neither .csv nor .h5", o.per_sample));
  }
  if (!o.report.empty() && report::page().empty()) {
    throw snnl::Error("--report", "this snnl-analyze was built without the page, which needs npm",
                      "install npm (scripts/install-deps report) and build again");
  }
  if (!o.resume && !o.follow) return;
  for (const auto& [option, file] :
       {std::pair{"--json", o.json}, std::pair{"--csv", o.csv}, std::pair{"--similarity-csv", o.similarity_csv},
        std::pair{"--report", o.report}}) {
    std::error_code failure;
    const bool special = std::filesystem::exists(file, failure) && !std::filesystem::is_regular_file(file, failure);
    if (file != "-" && !special) continue;
    throw snnl::Error(option, fmt::format("is written again and again with {}, and cannot be '{}'; name a file",
                                          o.follow ? "--follow" : "--resume", file));
  }
}

snnl::dump::Options input_options(const Options& o) {
  snnl::dump::Options input;
  input.layout = o.analysis.layout;
  input.labels = o.analysis.labels;
  input.layers = o.analysis.layers;
  input.epochs = o.analysis.epochs;
  input.nonfinite = o.analysis.nonfinite;
  input.ignored_labels = o.analysis.ignored_labels;
  input.integer_bits = o.analysis.integer_bits;
  input.pooling = o.analysis.pooling;
  input.threads = o.analysis.entanglement.threads;
  input.lock = !o.follow;  // a run in training must not be hindered
  return input;
}

}  // namespace analyze
