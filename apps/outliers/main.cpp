// snnl-outliers: finds inputs unlike those that a network was trained on, by their nearest training samples.

#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <utility>

#include "common/common_options.hpp"
#include "common/numbers.hpp"
#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/proposal.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "common/warnings.hpp"
#include "outliers/faiss_index.hpp"
#include "snnl/analysis.hpp"
#include "snnl/error.hpp"
#include "snnl/isolation/isolation.hpp"
#include "snnl/outliers/outlier_analysis.hpp"
#include "snnl/outliers/writers.hpp"
#include "snnl/product/products.hpp"

namespace {

namespace outliers = snnl::outliers;

constexpr const char* name = "snnl-outliers";

struct Options {
  std::string train, calibration, test;
  std::vector<std::string> ood;
  outliers::OutlierOptions analysis;
  std::string index, index_parameters;
  std::int64_t epoch = 0;
  std::string json, csv;
  snnl::text::CsvText csv_text = snnl::text::CsvText::exact;
  bool quiet = false;
};

void declare(CLI::App& app, Options& o) {
  const auto part = [&](const std::string& option, std::string& value, const std::string& what) {
    app.add_option(option, value, what)->option_text("PART")->required()->check(tool::not_empty())->group("Input");
  };
  part("--train", o.train,
       "Dump of the training samples; PART is FILE, FILE@FIRST:LAST (rows) or FILE@LABEL_SET=CLASS");
  part("--calibration", o.calibration, "Labelled samples that were not trained on, against which scores are ranked");
  part("--test", o.test, "Labelled samples to judge");
  app.add_option("--ood", o.ood, "Samples from elsewhere, under a name; repeatable")
      ->allow_extra_args(false)
      ->option_text("NAME=PART")
      ->group("Input");
  app.add_option("--layout", o.analysis.read.layout, "Where the datasets are, for files of another layout")
      ->option_text("PATTERN")
      ->group("Input");
  app.add_option("--labels", o.analysis.read.labels, "Label set: a path, or a name under /label_sets [/labels]")
      ->option_text("PATH|NAME")
      ->group("Input");
  app.add_option("--layers", o.analysis.read.layers, "Layers to look at, by glob ('conv*'); repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB")
      ->group("Input");
  tool::add_ignored_labels(app, o.analysis.read.ignored_labels);
  tool::add_integer_bits(app, o.analysis.read.integer_bits);
  app.add_option("--epoch", o.epoch, "Epoch to look at [the last one of --train]")->option_text("N")->group("Input");
  app.add_option("--predictions", o.analysis.read.predictions,
                 "The network's predictions: a dataset, the layer of the logits, or 'votes', those of the neighbours "
                 "[/predictions/{epoch} where all files have it, else votes]")
      ->option_text("PATH|LAYER")
      ->check(tool::not_empty())
      ->group("Input");
  app.add_option("--logits", o.analysis.read.logits, "Layer whose softmax is the baseline, where all files have it")
      ->option_text(fmt::format("LAYER [{}]", o.analysis.read.logits))
      ->group("Input");
  tool::add_pooling(app, o.analysis.read.pooling, "Input");
  app.add_option("-k,--neighbors", o.analysis.k, "Neighbours in each layer")
      ->option_text(fmt::format("K [{}]", o.analysis.k))
      ->check(tool::whole_number(1, 1000000))
      ->group("Computation");
  tool::add_distance(app, o.analysis.distance, "Computation");
  tool::add_features(app, o.analysis.features, "the training samples", "Computation");
  app.add_option(
         "--index", o.index,
         "Search by an index of FAISS, such as 'HNSW32' or 'IVF1024,Flat', for training sets too large for exact "
         "search; its recall is measured [exact]")
      ->option_text("FACTORY")
      ->check(tool::not_empty())
      ->group("Computation");
  app.add_option("--index-parameters", o.index_parameters, "Of the search in it, such as 'nprobe=16' or 'efSearch=128'")
      ->option_text("LIST")
      ->needs(app.get_option("--index"))
      ->check(tool::not_empty())
      ->group("Computation");
  tool::add_threads(app, o.analysis.threads, "Computation", "exact results do not depend on it");
  tool::add_output(app, "-o,--json", o.json, "Write everything as snnl.outliers/1; '-' is stdout");
  tool::add_output(app, "--csv", o.csv, "Write one row per sample; '-' is stdout");
  tool::add_csv_safe(app, o.csv_text);
  app.add_flag("-q,--quiet", o.quiet, "No table, no progress bar")->group("Output");
  tool::add_version(app);
  app.footer(
      "Example: judge the last 500 samples of a dump, and those of another one, by the first 2000\n"
      "  snnl-outliers --train run.h5@0:2000 --calibration run.h5@2000:2500 --test run.h5@2500: --ood "
      "letters=letters.h5\n\n"
      "Exit status: 0 done, 2 usage or input error.");
}

std::vector<outliers::NamedPart> parse_outliers(const std::vector<std::string>& given) {
  std::vector<outliers::NamedPart> out;
  for (const std::string& text : given) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw snnl::Error("--ood", fmt::format("'{}' is not NAME=FILE", text));
    }
    const std::string set = text.substr(0, equals);
    for (const outliers::NamedPart& other : out) {
      if (other.name == set) throw snnl::Error("--ood", fmt::format("'{}' is named twice", set));
    }
    if (set == "test") throw snnl::Error("--ood", "'test' is the name of the test samples", "choose another one");
    out.push_back({set, outliers::parse_sample_part(text.substr(equals + 1), "--ood")});
  }
  return out;
}

/// As the options say, or as snnl-inspect proposes for the training file, which then are the options of all files.
outliers::OutlierAnalysis by_default_or_proposal(const std::function<outliers::OutlierAnalysis()>& analyse,
                                                 const snnl::isolation::Isolation& isolation, const std::string& train,
                                                 const std::vector<std::string>& files, outliers::ReadOptions& read) {
  try {
    return analyse();
  } catch (const snnl::dump::LayoutError& e) {
    snnl::dump::Options given;
    given.layout = read.layout;
    given.labels = read.labels;
    given.layers = read.layers;
    given.ignored_labels = read.ignored_labels;
    given.integer_bits = read.integer_bits;
    given.threads = read.threads;
    if (!tool::is_of(e, train)) throw tool::refer_to_inspect(e, files, given);
    snnl::inspect::Proposal proposal = tool::only_proposal(name, isolation, {train}, given, e);
    read.layout = std::move(proposal.layout);
    read.labels = std::move(proposal.labels);
    read.layers = std::move(proposal.layers);
  }
  return analyse();
}

int run(Options& o, bool has_epoch) {
  const snnl::isolation::Isolation isolation;
  snnl::product::require_maker();
  outliers::OutlierOptions& a = o.analysis;
  a.read.threads = a.threads;
  a.read.open = [&](const std::vector<std::string>& files, const snnl::dump::Options& options) {
    return isolation.open(files, options);
  };
  if (!o.index.empty()) a.index = outliers::faiss_index(o.index, o.index_parameters);
  if (has_epoch) a.read.epoch = o.epoch;
  const auto train = outliers::parse_sample_part(o.train, "--train");
  const auto calibration = outliers::parse_sample_part(o.calibration, "--calibration");
  const auto test = outliers::parse_sample_part(o.test, "--test");
  const auto sets = parse_outliers(o.ood);
  std::vector<std::string> inputs{train.file, calibration.file, test.file};
  for (const outliers::NamedPart& one : sets) inputs.push_back(one.part.file);
  tool::check_outputs({{"--json", o.json}, {"--csv", o.csv}}, inputs);
  tool::Output json(o.json), csv(o.csv);

  tool::Progress progress(!o.quiet);
  tool::Warnings warnings(name);
  a.read.on_remark = [&](const snnl::Error& remark) {
    progress.clear();
    warnings.tell(remark);
  };
  const auto analyse = [&] {
    return outliers::analyse_outliers(train, calibration, test, sets, a, [&](double fraction, const std::string& what) {
      progress.update(fraction, what);
    });
  };
  const outliers::OutlierAnalysis analysis = by_default_or_proposal(analyse, isolation, train.file, inputs, a.read);
  progress.clear();
  warnings.finish();
  if (!analysis.unused.empty() && !o.quiet) tool::print_note(name, analysis.unused);
  if (json) outliers::write_json(json.stream(), analysis);
  if (csv) outliers::write_csv(csv.stream(), analysis, o.csv_text);
  if (!o.quiet && o.json != "-" && o.csv != "-") std::cout << outliers::to_table(analysis);
  tool::finish_stdout();
  json.commit();
  csv.commit();
  return tool::ok;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(name, [&] {
    Options options;
    CLI::App app(
        "Finds inputs unlike those that a network was trained on. Such an input is given a class, but in the hidden "
        "layers\n"
        "few of its nearest training samples have that class. How few is usual is known from calibration samples\n"
        "(conformal prediction).",
        name);
    declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    return run(options, app.count("--epoch") > 0);
  });
}
