// snnl-analyze: entanglement and class similarity of every (epoch, layer) of an activation dump.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "common/common_options.hpp"
#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/tool.hpp"
#include "snnl/analysis/analyse_dump.hpp"
#include "snnl/results/csv.hpp"
#include "snnl/results/json.hpp"
#include "snnl/results/number.hpp"
#include "snnl/results/per_sample.hpp"
#include "snnl/results/table.hpp"

namespace {

constexpr const char* name = "snnl-analyze";

struct Options {
  std::vector<std::string> dumps;
  snnl::AnalysisOptions analysis;
  std::string temperature = "auto";
  std::string precision = snnl::name_of(snnl::EntanglementOptions{}.precision);
  std::string json, csv, similarity_csv, per_sample;
  std::uint64_t memory = 0;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  snnl::EntanglementOptions& e = o.analysis.entanglement;
  app.add_option("DUMP", o.dumps, "Activation dumps (HDF5): one file, or one file per epoch")
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
  app.add_option("--layers", o.analysis.layers, "Layers to analyse, by glob ('conv*'); repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB")
      ->group("Input");
  app.add_option("--epochs", o.analysis.epochs, "Epochs to analyse: '7', '1,2,5', '0:50:5' (50 is left out) [all]")
      ->option_text("LIST")
      ->group("Input");
  o.analysis.nonfinite = "error";
  app.add_option("--nonfinite", o.analysis.nonfinite, "Samples with NaN or Inf: error, or drop them from their item")
      ->check(CLI::IsMember({"error", "drop"}))
      ->capture_default_str()
      ->group("Input");

  app.add_option("--temperature", o.temperature, "auto: the one that minimises the entanglement; or a number > 0")
      ->capture_default_str()
      ->group("Computation");
  app.add_option("--temperature-curve", e.temperature_curve,
                 "Also give the entanglement at N temperatures; 0, or from 2 to 4096")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str()
      ->group("Computation");
  tool::add_distance(app, e.distance, "Computation");
  app.add_option("--precision", o.precision,
                 "auto (float where that is exact to 1e-5, else double), float, or double [" + o.precision + "]")
      ->check(CLI::IsMember({"auto", "float", "double"}))
      ->option_text("NAME")
      ->group("Computation");
  app.add_option("--rows", e.rows,
                 "Take the neighbourhoods of Q samples only, drawn at random from each class, among all samples; for "
                 "where all pairs are too many. 0: all")
      ->option_text("Q")
      ->check(CLI::NonNegativeNumber)
      ->group("Computation");
  app.add_option("--seed", e.seed, "Of the drawing of --rows")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group("Computation");
  app.add_option("--memory", o.memory,
                 "Upper bound on memory, such as 2GiB; room that is left keeps distances between passes [as needed]")
      ->option_text("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->transform(tool::not_negative())  // looked at first: a size would wrap around
      ->group("Computation");
  tool::add_threads(app, e.threads, "Computation", "the results do not depend on it");

  tool::add_output(app, "--json", o.json, "Write everything as snnl.analysis/1; '-' is stdout");
  tool::add_output(app, "--csv", o.csv, "Write one row per item");
  tool::add_output(app, "--similarity-csv", o.similarity_csv, "Write the class similarity, one row per pair");
  tool::add_output(app, "--per-sample", o.per_sample, "Write the loss of each sample, FILE.csv or FILE.h5");
  app.add_flag("-q,--quiet", o.quiet, "No table, no progress bar")->group("Output");
  app.set_version_flag("--version", tool::version_text(name));
  app.footer(
      "Example: analyse the convolutional layers at every fifth epoch and keep all numbers\n"
      "  snnl-analyze run.h5 --layers 'conv*' --epochs ::5 --json run.json\n\n"
      "Exit status: 0 done, 1 some (epoch, layer) could not be analysed, 2 usage or input error.");
}

/// Checks what can be checked before any data is opened. Throws snnl::Error naming the option.
void validate(Options& o) {
  snnl::EntanglementOptions& e = o.analysis.entanglement;
  if (o.temperature != "auto") {
    double value = 0;
    if (!CLI::detail::lexical_cast(o.temperature, value) || !(value > 0) || !std::isfinite(value)) {
      throw snnl::Error("--temperature", "'" + o.temperature + "' is not 'auto' or a number > 0");
    }
    e.temperature = value;
  }
  using snnl::Precision;
  e.precision = o.precision == "float"    ? Precision::single
                : o.precision == "double" ? Precision::twice
                                          : Precision::automatic;
  if (e.temperature_curve == 1) throw snnl::Error("--temperature-curve", "needs at least 2 temperatures");

  tool::check_outputs(
      {{"--json", o.json}, {"--csv", o.csv}, {"--similarity-csv", o.similarity_csv}, {"--per-sample", o.per_sample}},
      o.dumps);
  if (!o.per_sample.empty() && o.per_sample != "-" && !snnl::is_hdf5_name(o.per_sample) &&
      std::filesystem::path(o.per_sample).extension() != ".csv") {
    throw snnl::Error("--per-sample", "'" + o.per_sample + "' ends in neither .csv nor .h5");
  }
}

int run(const Options& o) {
  const bool to_stdout = o.json == "-" || o.csv == "-" || o.similarity_csv == "-" || o.per_sample == "-";
  // Outputs are created before the work: a place that cannot be written is told at once.
  tool::Output json(o.json), csv(o.csv), similarity(o.similarity_csv), per_sample(o.per_sample);

  snnl::dump::Options input;
  input.layout = o.analysis.layout;
  input.labels = o.analysis.labels;
  input.layers = o.analysis.layers;
  input.epochs = o.analysis.epochs;
  input.nonfinite = o.analysis.nonfinite == "drop" ? snnl::dump::Nonfinite::drop : snnl::dump::Nonfinite::error;
  input.threads = o.analysis.entanglement.threads;
  const snnl::dump::Reader reader(o.dumps, input);
  const auto& items = reader.items();

  snnl::PerSampleSink sink;
  if (per_sample) {
    std::vector<std::string> classes;
    for (const auto& c : reader.classes()) classes.push_back(c.name);
    sink = snnl::is_hdf5_name(o.per_sample) ? snnl::per_sample_hdf5(per_sample.temporary_path(), o.per_sample, classes)
                                            : snnl::per_sample_csv(per_sample.stream(), classes);
  }

  tool::Progress progress(!o.quiet);
  bool all_well = true;
  const auto announce = [&](std::size_t k) {
    if (k >= items.size()) return;
    progress.update(static_cast<double>(k) / static_cast<double>(items.size()),
                    items[k].layer + ", epoch " + std::to_string(items[k].epoch));
  };
  announce(0);
  snnl::Analysis analysis =
      snnl::analyse_dump(reader, o.analysis.entanglement, o.memory, [&](const snnl::ItemDone& done) {
        if (!done.item.result) {
          all_well = false;
          progress.clear();
          tool::print_error(name, done.item.message);
        }
        if (sink) sink(done);
        announce(done.index + 1);
      });
  progress.clear();
  analysis.inputs = o.dumps;
  analysis.options = o.analysis;

  if (json) json.stream() << snnl::to_json(analysis);
  if (csv) snnl::write_items_csv(csv.stream(), analysis);
  if (similarity) snnl::write_similarity_csv(similarity.stream(), analysis);
  sink = nullptr;
  if (!o.quiet && !to_stdout) std::cout << snnl::to_table(analysis);
  tool::finish_stdout();
  for (tool::Output* output : {&json, &csv, &similarity, &per_sample}) output->commit();
  return all_well ? tool::ok : tool::failed;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Entanglement of the classes (soft nearest neighbour loss at its optimal temperature) and class\n"
      "similarity, for every epoch and layer of an activation dump.",
      name);
  declare(app, options);
  if (const auto status = tool::parse(app, argc, argv)) return *status;
  tool::tell_failed_writes();
  try {
    validate(options);
    return run(options);
  } catch (const std::exception& e) {
    tool::print_error(name, e.what());
    return tool::unusable;
  }
}
