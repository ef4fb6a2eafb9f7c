#include "snnl/outliers/outlier_analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "snnl/error.hpp"
#include "snnl/outliers/compared_sets.hpp"
#include "snnl/outliers/gather_votes.hpp"

namespace snnl::outliers {
namespace {

struct Logits {
  std::vector<std::int32_t> predicted;
  std::vector<double> softmax, energy;
};

Logits read_logits(const SampleSet& set, const std::string& layer, std::size_t classes) {
  SampleSet::Layer logits = set.read(layer);
  if (logits.is_wide()) logits.narrow();
  if (logits.features != classes) {
    throw Error(logits.location, fmt::format("has {} features, but there are {} classes", logits.features, classes),
                "name the layer of the logits, or none");
  }
  // Labels do not matter for predictions and confidences.
  const auto scores = metrics::classifier_scores(logits.view(), std::vector<std::int64_t>(set.size(), 0));
  return {{scores.predictions.begin(), scores.predictions.end()}, scores.confidence, scores.energy};
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

std::vector<double> negated(std::vector<double> values) {
  for (double& value : values) value = -value;
  return values;
}

/// `sure`: from which score on a sample is taken to belong without doubt; nothing where scores have no such meaning.
Separation separate(const std::string& name, const std::vector<double>& test, const std::vector<double>& outliers,
                    std::optional<double> sure = std::nullopt) {
  Separation out;
  out.score = name;
  out.in = metrics::detection(test, outliers);
  out.out = metrics::detection(negated(outliers), negated(test));
  if (!sure) return out;
  out.sure_outliers =
      static_cast<double>(std::count_if(outliers.begin(), outliers.end(), [=](double s) { return s >= *sure; })) /
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

/// What the sets are judged by: the calibration points.
struct Reference {
  std::uint32_t neighbors;  // of a sample over all layers
  ConformalScores scores;
  std::vector<std::vector<std::vector<std::uint32_t>>> supports;  // [layers][classes]
};

Reference calibrate(const GatheredVotes& calibration, const std::vector<std::int32_t>& labels,
                    std::uint32_t neighbors) {
  Reference out{neighbors, ConformalScores(nonconformity(calibration.sum, neighbors, labels)), {}};
  for (const Votes& votes : calibration.by_layer) out.supports.push_back(calibration_supports(votes, labels));
  return out;
}

/// Support of the predicted classes layer by layer, and what share of the calibration points have no more.
void add_supports(const GatheredVotes& votes, const Reference& reference, JudgedSet& j) {
  for (std::size_t l = 0; l < votes.by_layer.size(); ++l) {
    std::vector<std::uint32_t> support;
    std::vector<double> quantile;
    for (std::size_t i = 0; i < j.predicted.size(); ++i) {
      const auto c = static_cast<std::size_t>(j.predicted[i]);
      const std::vector<std::uint32_t>& usual = reference.supports[l][c];
      support.push_back(votes.by_layer[l].at(i, c));
      const auto below = std::upper_bound(usual.begin(), usual.end(), support.back()) - usual.begin();
      quantile.push_back((1. + static_cast<double>(below)) / (1. + static_cast<double>(usual.size())));
    }
    j.support.push_back(std::move(support));
    j.support_quantile.push_back(std::move(quantile));
  }
}

/// `with_logits`: whether every set has logits, so that their confidences can be compared.
JudgedSet judge(const GatheredVotes& votes, const Reference& reference, const ReadOptions& read, bool with_logits,
                const std::vector<dump::Class>& classes) {
  const bool predict_by_logits = !read.predictions.empty() && read.predictions == read.logits;
  JudgedSet j;
  j.name = votes.set->name();
  j.file = votes.set->file();
  j.rows = votes.set->rows();
  j.ignored = votes.set->ignored();
  j.votes = j.predicted = most_voted(votes.sum);
  if (with_logits || predict_by_logits) {
    Logits logits = read_logits(*votes.set, read.logits, classes.size());
    j.softmax = std::move(logits.softmax);
    j.energy = std::move(logits.energy);
    if (predict_by_logits) j.predicted = std::move(logits.predicted);
  }
  if (!read.predictions.empty() && !predict_by_logits) {
    j.predicted = votes.set->read_predictions(read.predictions, classes);
  }
  j.conformal = conformal_predictions(votes.sum, reference.neighbors, j.predicted, reference.scores);
  add_supports(votes, reference, j);
  j.kth_distance = votes.kth_distance;
  return j;
}

/// What follows from the judged sets.
void summarise(std::uint32_t neighbors, OutlierAnalysis& out) {
  std::vector<bool> correct, vote_correct;
  for (std::size_t i = 0; i < out.test.labels.size(); ++i) {
    correct.push_back(out.test.predicted[i] == out.test.labels[i]);
    vote_correct.push_back(out.test.votes[i] == out.test.labels[i]);
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
    const auto kth = std::find(out.layers.begin(), out.layers.end(), out.kth_layer) - out.layers.begin();
    const auto of_layer = [kth](const JudgedSet& of) {
      return negated(of.kth_distance[static_cast<std::size_t>(kth)]);
    };
    by_score.push_back(separate("kth_distance", of_layer(out.test), of_layer(set)));
    if (!set.softmax.empty()) {
      by_score.push_back(separate("softmax", out.test.softmax, set.softmax, sure));
      by_score.push_back(separate("energy", out.test.energy, set.energy));
    }
    out.separations.push_back(std::move(by_score));
  }
}

/// What ReadOptions::predictions comes to: empty for the votes.
std::string predictions_of(const ComparedSets& sets, const ReadOptions& read) {
  if (read.predictions == "votes") return "";
  if (!read.predictions.empty()) return read.predictions;
  std::vector<const SampleSet*> predicted{&sets.test};
  for (const SampleSet& set : sets.outliers) predicted.push_back(&set);
  std::vector<const SampleSet*> without;
  for (const SampleSet* set : predicted) {
    if (!set->has_predictions(recorded_predictions)) without.push_back(set);
  }
  if (without.empty()) return recorded_predictions;
  if (without.size() < predicted.size() && read.on_remark) {
    read.on_remark(Error(without[0]->file(), fmt::format("has no {}, which other sets have", recorded_predictions),
                         "the neighbours' vote predicts"));
  }
  return "";
}

}  // namespace

OutlierAnalysis analyse_outliers(const SamplePart& train_part, const SamplePart& calibration_part,
                                 const SamplePart& test_part, const std::vector<NamedPart>& outlier_parts,
                                 const OutlierOptions& given,
                                 const std::function<void(double, const std::string&)>& on_step) {
  const ComparedSets sets(train_part, calibration_part, test_part, outlier_parts, given);
  OutlierOptions o = given;
  o.read.predictions = predictions_of(sets, given.read);
  const std::vector<dump::Class>& classes = sets.train.classes();
  OutlierAnalysis out;
  out.epoch = sets.train.epoch();
  out.layers = sets.train.layers();
  for (const dump::Class& c : classes) out.classes.push_back(c.name);
  const auto hidden =
      std::find_if(out.layers.rbegin(), out.layers.rend(), [&](const std::string& l) { return l != o.read.logits; });
  out.kth_layer = hidden != out.layers.rend() ? *hidden : out.layers.back();
  out.training_counts = sets.training_counts;
  out.calibration_counts = sets.calibration_counts;
  out.k = o.k;
  out.distance = o.distance;
  out.index = o.index.name;
  if (!out.index.empty()) out.recall_samples = std::min(sets.test.size(), most_recall_samples);
  out.predictions = o.read.predictions;
  out.ignored_labels = o.read.ignored_labels;
  out.ignored_training = sets.train.ignored();
  out.ignored_calibration = sets.calibration.ignored();
  out.integer_bits = o.read.integer_bits;
  out.pooling = o.read.pooling;
  out.features = o.features;
  out.unused = sets.train.unused_pooling();

  Gathered gathered = gather_votes(sets, o, on_step);
  out.recall = std::move(gathered.recall);
  if (const auto shared = gathered.calibration.first_shared(gathered.training)) {
    throw Error(calibration_part.text,
                fmt::format("row {} equals row {} of {} in every layer", sets.calibration.rows()[shared->first],
                            sets.train.rows()[shared->second], train_part.text),
                "calibration needs samples that were not trained on");
  }

  const auto neighbors = static_cast<std::uint32_t>(o.k * out.layers.size());
  const Reference reference = calibrate(gathered.sets[0], sets.calibration_labels, neighbors);
  const bool with_logits = std::all_of(gathered.sets.begin() + 1, gathered.sets.end(),
                                       [&](const GatheredVotes& one) { return one.set->has(o.read.logits); });
  out.test = judge(gathered.sets[1], reference, o.read, with_logits, classes);
  out.test.labels = sets.test_labels;
  for (std::size_t s = 2; s < gathered.sets.size(); ++s) {
    out.outliers.push_back(judge(gathered.sets[s], reference, o.read, with_logits, classes));
  }
  summarise(neighbors, out);
  return out;
}

}  // namespace snnl::outliers
