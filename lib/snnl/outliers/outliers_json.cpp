#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "snnl/analysis.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/json/writer.hpp"
#include "snnl/outliers/writers.hpp"
#include "snnl/version.hpp"

namespace snnl::outliers {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t histogram_bins = 20;

Json calibration_json(const metrics::Calibration& calibration) {
  Json bins = Json::array();
  for (const metrics::CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"lower", bin.lower},
                    {"upper", bin.upper},
                    {"count", bin.count},
                    {"mean", json::number_or_null(bin.confidence)},
                    {"accuracy", json::number_or_null(bin.accuracy)}});
  }
  return {{"expected_calibration_error", calibration.expected_error},
          {"maximum_calibration_error", calibration.maximum_error},
          {"bins", std::move(bins)}};
}

/// Counts of values in [0, 1] in bins of equal width, the last one closed.
template <class Values>
Json histogram(const Values& values, double unit) {
  std::vector<std::size_t> counts(histogram_bins, 0);
  for (const auto& value : values) {
    const double at = static_cast<double>(value) / unit * histogram_bins;
    ++counts[std::min(static_cast<std::size_t>(at), histogram_bins - 1)];
  }
  return counts;
}

Json histograms_of(const JudgedSet& set, const OutlierAnalysis& a) {
  std::vector<double> credibility;
  for (const ConformalPrediction& one : set.conformal) credibility.push_back(one.credibility);
  Json support;
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    support[a.layers[l]] = histogram(set.support[l], static_cast<double>(a.k));
  }
  return {{"bins", histogram_bins},
          {"credibility", histogram(credibility, 1)},
          {"softmax", set.softmax.empty() ? Json(nullptr) : histogram(set.softmax, 1)},
          {"support", std::move(support)}};
}

/// The members that every set of samples has.
void write_samples(json::Writer& out, const JudgedSet& set, const OutlierAnalysis& a) {
  const std::size_t n = set.conformal.size();
  const auto names = [&](const std::vector<std::int32_t>& indices) {
    out.array(indices.size(), [&](std::size_t i) { return a.classes[static_cast<std::size_t>(indices[i])]; });
  };
  const auto counts = [&](const auto& values) { out.array(values.size(), [&](std::size_t i) { return values[i]; }); };
  out.key("file").value(set.file);
  out.key("samples").value(set.rows.size());
  out.key("ignored").value(set.ignored);
  out.key("histograms").value(histograms_of(set, a));
  out.key("rows");
  counts(set.rows);
  out.key("labels");
  set.labels.empty() ? out.value(nullptr) : names(set.labels);
  out.key("predictions");
  names(set.predicted);
  out.key("votes");
  names(set.votes);
  out.key("nonconformity").array(n, [&](std::size_t i) { return set.conformal[i].nonconformity; });
  out.key("credibility").array(n, [&](std::size_t i) { return set.conformal[i].credibility; });
  out.key("confidence").array(n, [&](std::size_t i) { return set.conformal[i].confidence; });
  out.key("softmax");
  set.softmax.empty() ? out.value(nullptr) : out.numbers(set.softmax.data(), set.softmax.size());
  out.key("energy");
  set.energy.empty() ? out.value(nullptr) : out.numbers(set.energy.data(), set.energy.size());
  out.key("support").begin_object();
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    out.key(a.layers[l]);
    counts(set.support[l]);
  }
  out.end();
  out.key("support_quantile").begin_object();
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    out.key(a.layers[l]).numbers(set.support_quantile[l].data(), set.support_quantile[l].size());
  }
  out.end();
  out.key("kth_distance").begin_object();
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    out.key(a.layers[l]).numbers(set.kth_distance[l].data(), set.kth_distance[l].size());
  }
  out.end();
}

Json separation_json(const Separation& one) {
  return {{"score", one.score},
          {"auroc", one.in.auroc},
          {"aupr_in", one.in.average_precision},
          {"aupr_out", one.out.average_precision},
          {"fpr_at_95_tpr", one.in.fpr_at_95_tpr},
          {"in_distribution", one.in.positives},
          {"outliers", one.in.negatives},
          {"sure_outliers", json::number_or_null(one.sure_outliers)}};
}

}  // namespace

void write_json(std::ostream& stream, const OutlierAnalysis& a) {
  json::Writer out(stream, 1);
  out.begin_object();
  out.key("schema").value("snnl.outliers/1");
  out.key("generator").value({{"name", "snnl-outliers"}, {"version", version}});
  out.key("options").value({{"epoch", a.epoch},
                            {"layers", a.layers},
                            {"k", a.k},
                            {"distance", name_of(a.distance)},
                            {"index", a.index.empty() ? Json(nullptr) : Json(a.index)},
                            {"pool", dump::pool_text(a.pooling)},
                            {"channels_last", a.pooling.channels_last},
                            {"tokens", name_of(a.pooling.tokens)},
                            {"standardize", a.features.standardize},
                            {"whiten", name_of(a.features.whiten)},
                            {"predictions", a.predictions.empty() ? Json("votes") : Json(a.predictions)},
                            {"ignore_label", a.ignored_labels},
                            {"bfloat16", a.integer_bits == dump::IntegerBits::bfloat16},
                            {"float16_bits", a.integer_bits == dump::IntegerBits::float16}});
  out.key("ignored").value({{"training", a.ignored_training}, {"calibration", a.ignored_calibration}});
  Json recall = nullptr;
  if (!a.index.empty()) {
    Json by_layer = Json::object();
    for (std::size_t l = 0; l < a.layers.size(); ++l) by_layer[a.layers[l]] = a.recall[l];
    recall = {{"samples", a.recall_samples}, {"layers", std::move(by_layer)}};
  }
  out.key("recall").value(recall);
  out.key("classes").array(a.classes.size(), [&](std::size_t c) -> Json {
    return {{"name", a.classes[c]}, {"training", a.training_counts[c]}, {"calibration", a.calibration_counts[c]}};
  });
  out.key("definitions")
      .value(
          {{"auroc", "in-distribution samples are positives, a higher score speaks for them, equal scores count half"},
           {"aupr_in", "average precision, in-distribution samples as positives, a higher score speaks for them"},
           {"aupr_out", "average precision, outliers as positives, a lower score speaks for them"},
           {"fpr_at_95_tpr",
            "least share of outliers at or above a threshold that at least 95 % of the in-distribution "
            "samples reach"},
           {"sure_outliers", "share of outliers with a score of at least 0.9; null for kth_distance and energy"},
           {"kth_distance", "minus the distance to the k-th nearest training sample in " + a.kth_layer},
           {"energy", "log sum exp of the logits"},
           {"ties", "equal scores pass a threshold together"}});
  out.key("test").begin_object();
  write_samples(out, a.test, a);
  out.key("accuracy").value(a.accuracy);
  out.key("vote_accuracy").value(a.vote_accuracy);
  out.key("credibility_calibration").value(calibration_json(a.credibility_calibration));
  out.key("softmax_calibration")
      .value(a.softmax_calibration ? calibration_json(*a.softmax_calibration) : Json(nullptr));
  out.key("risk_coverage").array(a.risk_coverage.size(), [&](std::size_t i) -> Json {
    const metrics::RiskPoint& point = a.risk_coverage[i];
    return {{"threshold", point.threshold}, {"coverage", point.coverage}, {"risk", point.risk}};
  });
  out.end();
  out.key("outliers").begin_array();
  for (std::size_t s = 0; s < a.outliers.size(); ++s) {
    out.begin_object();
    out.key("name").value(a.outliers[s].name);
    out.key("separations").array(a.separations[s].size(), [&](std::size_t i) {
      return separation_json(a.separations[s][i]);
    });
    write_samples(out, a.outliers[s], a);
    out.end();
  }
  out.end();
  out.end();
  out.flush();
  stream << '\n';
}

}  // namespace snnl::outliers
