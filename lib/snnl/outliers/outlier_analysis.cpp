#include "snnl/outliers/outlier_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "snnl/error.hpp"
#include "snnl/text/nearest_name.hpp"

namespace snnl::outliers {
namespace {

/// FNV-1a over the bytes of a row, going on from `state`.
std::uint64_t add_row(std::uint64_t state, const float* row, std::size_t features) {
  for (std::size_t f = 0; f < features; ++f) {
    const float value = row[f] == 0 ? 0.f : row[f];  // -0 and 0 are equal
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    state = (state ^ bits) * 0x100000001b3;
    state ^= state >> 29;
  }
  return state;
}

void add_rows(std::vector<std::uint64_t>& digests, const SampleSet::Layer& layer) {
  digests.resize(layer.rows, 0xcbf29ce484222325);
  for (std::size_t i = 0; i < layer.rows; ++i) {
    digests[i] = add_row(digests[i], layer.values.data() + i * layer.features, layer.features);
  }
}

/// Indices into the training classes, by name.
std::vector<std::int32_t> labels_among(const SampleSet& set, const std::vector<dump::Class>& classes,
                                       const std::vector<std::size_t>& training_counts) {
  std::vector<std::int32_t> to_class;
  for (const dump::Class& one : set.classes()) {
    const auto same =
        std::find_if(classes.begin(), classes.end(), [&](const dump::Class& c) { return c.name == one.name; });
    to_class.push_back(same == classes.end() ? -1 : static_cast<std::int32_t>(same - classes.begin()));
  }
  std::vector<std::int32_t> out;
  for (const std::int32_t label : set.labels()) {
    const std::int32_t c = to_class[static_cast<std::size_t>(label)];
    if (c < 0 || training_counts[static_cast<std::size_t>(c)] == 0) {
      throw Error(set.file(), "class '" + set.classes()[static_cast<std::size_t>(label)].name +
                                  "' is absent from the training samples");
    }
    out.push_back(c);
  }
  return out;
}

std::vector<std::size_t> count_classes(const std::vector<std::int32_t>& labels, std::size_t classes) {
  std::vector<std::size_t> out(classes, 0);
  for (const std::int32_t label : labels) ++out[static_cast<std::size_t>(label)];
  return out;
}

/// What is gathered of one set over the layers.
struct Gathered {
  const SampleSet* set;
  std::vector<Votes> by_layer;
  Votes sum;

  void add(Votes votes) {
    if (by_layer.empty()) {
      sum = votes;
    } else {
      add_votes(sum, votes);
    }
    by_layer.push_back(std::move(votes));
  }
};

struct Logits {
  std::vector<std::int32_t> predicted;
  std::vector<double> softmax;
};

Logits read_logits(const SampleSet& set, const std::string& layer, std::size_t classes) {
  const SampleSet::Layer logits = set.read(layer);
  if (logits.features != classes) {
    throw Error(logits.location, "has " + std::to_string(logits.features) + " features, but there are " +
                                     std::to_string(classes) + " classes; name the layer of the logits, or none");
  }
  // Labels do not matter for predictions and confidences.
  const auto scores = metrics::classifier_scores(logits.view(), std::vector<std::int64_t>(set.size(), 0));
  return {{scores.predictions.begin(), scores.predictions.end()}, scores.confidence};
}

/// Supports of the calibration points, by class and ascending, in one layer: those of their own class.
std::vector<std::vector<std::uint32_t>> calibration_supports(const Votes& votes,
                                                             const std::vector<std::int32_t>& labels) {
  std::vector<std::vector<std::uint32_t>> out(votes.classes);
  for (std::size_t q = 0; q < votes.queries; ++q) {
    const auto c = static_cast<std::size_t>(labels[q]);
    out[c].push_back(votes.at(q, c));
  }
  for (auto& supports : out) std::sort(supports.begin(), supports.end());
  return out;
}

/// Test samples for which an index is held against the exact search, spread evenly.
constexpr std::size_t most_recall_samples = 200;

double measure_recall(const SampleSet::Layer& queries, const SampleSet::Layer& training, const Neighbors& found,
                      std::size_t samples, const NeighborOptions& options) {
  std::vector<float> rows;
  Neighbors chosen{samples, found.k, {}, {}};
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t q = s * queries.rows / samples;
    rows.insert(rows.end(), queries.view().row(q), queries.view().row(q) + queries.features);
    chosen.indices.insert(chosen.indices.end(), found.indices_of(q), found.indices_of(q) + found.k);
  }
  return recall(chosen, nearest_neighbors({rows.data(), samples, queries.features}, training.view(), found.k, options));
}

std::vector<double> negated(std::vector<double> values) {
  for (double& value : values) value = -value;
  return values;
}

Separation separate(const std::string& name, const std::vector<double>& test, const std::vector<double>& outliers,
                    double sure) {
  Separation out;
  out.score = name;
  out.in = metrics::detection(test, outliers);
  out.out = metrics::detection(negated(outliers), negated(test));
  out.sure_outliers =
      static_cast<double>(std::count_if(outliers.begin(), outliers.end(), [=](double s) { return s >= sure; })) /
      static_cast<double>(outliers.size());
  return out;
}

std::vector<double> credibilities(const JudgedSet& set) {
  std::vector<double> out;
  for (const ConformalPrediction& one : set.conformal) out.push_back(one.credibility);
  return out;
}

/// Neighbours of the predicted class over all layers, as a share of all.
std::vector<double> supports(const JudgedSet& set, std::uint32_t neighbors) {
  std::vector<double> out;
  for (const ConformalPrediction& one : set.conformal) {
    out.push_back(static_cast<double>(neighbors - one.nonconformity) / neighbors);
  }
  return out;
}

}  // namespace

OutlierAnalysis analyse_outliers(const SamplePart& train_part, const SamplePart& calibration_part,
                                 const SamplePart& test_part, const std::vector<NamedPart>& outlier_parts,
                                 const OutlierOptions& options,
                                 const std::function<void(double, const std::string&)>& on_step) {
  OutlierOptions o = options;
  const SampleSet train("training", train_part, o.read);
  o.read.epoch = train.epoch();
  const SampleSet calibration("calibration", calibration_part, o.read), test("test", test_part, o.read);
  std::vector<SampleSet> sets;
  sets.reserve(outlier_parts.size());
  for (const NamedPart& one : outlier_parts) sets.emplace_back(one.name, one.part, o.read);

  OutlierAnalysis out;
  out.epoch = train.epoch();
  out.layers = train.layers();
  out.k = o.k;
  out.distance = o.distance;
  const std::vector<dump::Class>& classes = train.classes();
  for (const dump::Class& c : classes) out.classes.push_back(c.name);
  out.training_counts = count_classes(train.labels(), classes.size());
  const std::vector<std::int32_t> calibration_labels = labels_among(calibration, classes, out.training_counts);
  const std::vector<std::int32_t> test_labels = labels_among(test, classes, out.training_counts);
  out.calibration_counts = count_classes(calibration_labels, classes.size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (out.training_counts[c] > 0 && out.calibration_counts[c] == 0) {
      throw Error(calibration_part.text, "has no sample of class '" + classes[c].name +
                                             "'; every class of the training set needs calibration points");
    }
  }
  if (o.k > train.size()) {
    throw Error("-k", std::to_string(o.k) + " neighbours are asked for, but " + train_part.text + " has " +
                          std::to_string(train.size()) + " samples");
  }
  std::vector<const SampleSet*> judged{&calibration, &test};
  for (const SampleSet& set : sets) judged.push_back(&set);
  for (const SampleSet* set : judged) {
    for (const std::string& layer : set->layers()) {
      if (!train.has(layer)) {
        throw Error(set->file(), "has a layer '" + layer + "' that " + train_part.text +
                                     " has not; choose those of both with --layers");
      }
    }
  }

  std::vector<Gathered> gathered;
  for (const SampleSet* set : judged) gathered.push_back({set, {}, {}});
  std::vector<std::uint64_t> training_digests, calibration_digests;
  const double steps = static_cast<double>(out.layers.size() * judged.size());
  double step = 0;
  const NeighborOptions neighbor_options{o.distance, o.threads};
  out.index = o.index.name;
  if (!out.index.empty()) out.recall_samples = std::min(test.size(), most_recall_samples);
  for (const std::string& layer : out.layers) {
    const SampleSet::Layer training = train.read(layer);
    NeighborIndex::Search search = [&](MatrixView<const float> queries, std::size_t k) {
      return nearest_neighbors(queries, training.view(), k, neighbor_options);
    };
    if (!out.index.empty()) {
      if (on_step) on_step(step / steps, "index of " + layer);
      search = o.index.make(training.view(), neighbor_options);
    }
    add_rows(training_digests, training);
    for (Gathered& one : gathered) {
      if (on_step) on_step(step++ / steps, layer + " of " + one.set->name());
      const SampleSet::Layer queries = one.set->read(layer);
      if (one.set == &calibration) add_rows(calibration_digests, queries);
      if (queries.features != training.features) {
        throw Error(queries.location, "has " + std::to_string(queries.features) + " features, but " +
                                          training.location + " has " + std::to_string(training.features));
      }
      try {
        const Neighbors found = search(queries.view(), o.k);
        one.add(count_votes(found, train.labels(), classes.size()));
        if (!out.index.empty() && one.set == &test) {
          out.recall.push_back(measure_recall(queries, training, found, out.recall_samples, neighbor_options));
        }
      } catch (const Error& e) {
        throw Error(queries.location, e.what());
      }
    }
  }
  std::unordered_map<std::uint64_t, std::size_t> trained_on;
  for (std::size_t i = 0; i < training_digests.size(); ++i) trained_on.emplace(training_digests[i], i);
  for (std::size_t i = 0; i < calibration_digests.size(); ++i) {
    const auto same = trained_on.find(calibration_digests[i]);
    if (same == trained_on.end()) continue;
    throw Error(calibration_part.text, "row " + std::to_string(calibration.rows()[i]) + " equals row " +
                                           std::to_string(train.rows()[same->second]) + " of " + train_part.text +
                                           " in every layer; calibration needs samples that were not trained on");
  }

  const auto neighbors = static_cast<std::uint32_t>(o.k * out.layers.size());
  const ConformalScores scores(nonconformity(gathered[0].sum, neighbors, calibration_labels));
  std::vector<std::vector<std::vector<std::uint32_t>>> reference;  // [layers][classes]
  for (const Votes& votes : gathered[0].by_layer) reference.push_back(calibration_supports(votes, calibration_labels));

  const bool has_logits =
      std::all_of(judged.begin() + 1, judged.end(), [&](const auto* s) { return s->has(o.read.logits); });
  const bool predict_by_logits = !o.read.predictions.empty() && o.read.predictions == o.read.logits;
  out.predictions = o.read.predictions;
  const auto judge = [&](const Gathered& one) {
    JudgedSet j;
    j.name = one.set->name();
    j.file = one.set->file();
    j.rows = one.set->rows();
    j.votes = j.predicted = most_voted(one.sum);
    if (has_logits || predict_by_logits) {
      Logits logits = read_logits(*one.set, o.read.logits, classes.size());
      j.softmax = std::move(logits.softmax);
      if (predict_by_logits) j.predicted = std::move(logits.predicted);
    }
    if (!o.read.predictions.empty() && !predict_by_logits) {
      j.predicted = one.set->read_predictions(o.read.predictions, classes);
    }
    j.conformal = conformal_predictions(one.sum, neighbors, j.predicted, scores);
    for (std::size_t l = 0; l < out.layers.size(); ++l) {
      std::vector<std::uint32_t> support;
      std::vector<double> quantile;
      for (std::size_t i = 0; i < j.predicted.size(); ++i) {
        const auto c = static_cast<std::size_t>(j.predicted[i]);
        const std::vector<std::uint32_t>& usual = reference[l][c];
        support.push_back(one.by_layer[l].at(i, c));
        const auto below = std::upper_bound(usual.begin(), usual.end(), support.back()) - usual.begin();
        quantile.push_back((1. + static_cast<double>(below)) / (1. + static_cast<double>(usual.size())));
      }
      j.support.push_back(std::move(support));
      j.support_quantile.push_back(std::move(quantile));
    }
    return j;
  };
  out.test = judge(gathered[1]);
  out.test.labels = test_labels;
  for (std::size_t s = 2; s < gathered.size(); ++s) out.outliers.push_back(judge(gathered[s]));

  std::vector<bool> correct, vote_correct;
  for (std::size_t i = 0; i < test_labels.size(); ++i) {
    correct.push_back(out.test.predicted[i] == test_labels[i]);
    vote_correct.push_back(out.test.votes[i] == test_labels[i]);
  }
  const auto share = [](const std::vector<bool>& right) {
    return static_cast<double>(std::count(right.begin(), right.end(), true)) / static_cast<double>(right.size());
  };
  out.accuracy = share(correct);
  out.vote_accuracy = share(vote_correct);
  const std::vector<double> credibility = credibilities(out.test), support = supports(out.test, neighbors);
  out.credibility_calibration = metrics::calibration(credibility, correct);
  if (!out.test.softmax.empty()) out.softmax_calibration = metrics::calibration(out.test.softmax, correct);
  out.risk_coverage = metrics::risk_coverage(credibility, correct);
  constexpr double sure = .9;
  for (const JudgedSet& set : out.outliers) {
    std::vector<Separation> by_score{separate("credibility", credibility, credibilities(set), sure),
                                     separate("support", support, supports(set, neighbors), sure)};
    if (!set.softmax.empty()) by_score.push_back(separate("softmax", out.test.softmax, set.softmax, sure));
    out.separations.push_back(std::move(by_score));
  }
  return out;
}

}  // namespace snnl::outliers
