#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "snnl/outliers/writers.hpp"
#include "snnl/results/analysis.hpp"
#include "snnl/results/json_number.hpp"
#include "snnl/version.hpp"

namespace snnl::outliers {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t histogram_bins = 20;

Json to_json(const metrics::Calibration& calibration) {
  Json bins = Json::array();
  for (const metrics::CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"lower", bin.lower},
                    {"upper", bin.upper},
                    {"count", bin.count},
                    {"mean", number_or_null(bin.confidence)},
                    {"accuracy", number_or_null(bin.accuracy)}});
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

Json samples_of(const JudgedSet& set, const OutlierAnalysis& a) {
  Json out;
  std::vector<double> credibility, confidence;
  std::vector<std::uint32_t> nonconformity;
  for (const ConformalPrediction& one : set.conformal) {
    credibility.push_back(one.credibility);
    confidence.push_back(one.confidence);
    nonconformity.push_back(one.nonconformity);
  }
  const auto names = [&](const std::vector<std::int32_t>& indices) {
    Json all = Json::array();
    for (const std::int32_t c : indices) all.push_back(a.classes[static_cast<std::size_t>(c)]);
    return all;
  };
  Json support_histograms, supports, quantiles;
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    support_histograms[a.layers[l]] = histogram(set.support[l], static_cast<double>(a.k));
    supports[a.layers[l]] = set.support[l];
    quantiles[a.layers[l]] = set.support_quantile[l];
  }
  out["file"] = set.file;
  out["samples"] = set.rows.size();
  out["histograms"] = {{"bins", histogram_bins},
                       {"credibility", histogram(credibility, 1)},
                       {"softmax", set.softmax.empty() ? Json(nullptr) : histogram(set.softmax, 1)},
                       {"support", std::move(support_histograms)}};
  out["rows"] = set.rows;
  out["labels"] = set.labels.empty() ? Json(nullptr) : names(set.labels);
  out["predictions"] = names(set.predicted);
  out["votes"] = names(set.votes);
  out["nonconformity"] = nonconformity;
  out["credibility"] = credibility;
  out["confidence"] = confidence;
  out["softmax"] = set.softmax.empty() ? Json(nullptr) : Json(set.softmax);
  out["support"] = std::move(supports);
  out["support_quantile"] = std::move(quantiles);
  return out;
}

Json to_json(const Separation& one) {
  return {{"score", one.score},
          {"auroc", one.in.auroc},
          {"aupr_in", one.in.average_precision},
          {"aupr_out", one.out.average_precision},
          {"fpr_at_95_tpr", one.in.fpr_at_95_tpr},
          {"in_distribution", one.in.positives},
          {"outliers", one.in.negatives},
          {"sure_outliers", one.sure_outliers}};
}

}  // namespace

std::string to_json(const OutlierAnalysis& a) {
  Json json;
  json["schema"] = "snnl.outliers/1";
  json["generator"] = {{"name", "snnl-outliers"}, {"version", version}};
  json["options"] = {{"epoch", a.epoch},
                     {"layers", a.layers},
                     {"k", a.k},
                     {"distance", name_of(a.distance)},
                     {"index", a.index.empty() ? Json(nullptr) : Json(a.index)},
                     {"predictions", a.predictions.empty() ? Json("votes") : Json(a.predictions)}};
  json["recall"] = nullptr;
  if (!a.index.empty()) {
    Json by_layer = Json::object();
    for (std::size_t l = 0; l < a.layers.size(); ++l) by_layer[a.layers[l]] = a.recall[l];
    json["recall"] = {{"samples", a.recall_samples}, {"layers", std::move(by_layer)}};
  }
  Json classes = Json::array();
  for (std::size_t c = 0; c < a.classes.size(); ++c) {
    classes.push_back(
        {{"name", a.classes[c]}, {"training", a.training_counts[c]}, {"calibration", a.calibration_counts[c]}});
  }
  json["classes"] = std::move(classes);
  json["definitions"] = {
      {"auroc", "in-distribution samples are positives, a higher score speaks for them, equal scores count half"},
      {"aupr_in", "average precision, in-distribution samples as positives, a higher score speaks for them"},
      {"aupr_out", "average precision, outliers as positives, a lower score speaks for them"},
      {"fpr_at_95_tpr",
       "least share of outliers at or above a threshold that at least 95 % of the in-distribution "
       "samples reach"},
      {"sure_outliers", "share of outliers with a score of at least 0.9"},
      {"ties", "equal scores pass a threshold together"}};
  Json test = samples_of(a.test, a);
  Json risk = Json::array();
  for (const metrics::RiskPoint& point : a.risk_coverage) {
    risk.push_back({{"threshold", point.threshold}, {"coverage", point.coverage}, {"risk", point.risk}});
  }
  test["accuracy"] = a.accuracy;
  test["vote_accuracy"] = a.vote_accuracy;
  test["credibility_calibration"] = to_json(a.credibility_calibration);
  test["softmax_calibration"] = a.softmax_calibration ? to_json(*a.softmax_calibration) : Json(nullptr);
  test["risk_coverage"] = std::move(risk);
  json["test"] = std::move(test);
  json["outliers"] = Json::array();
  for (std::size_t s = 0; s < a.outliers.size(); ++s) {
    Json set{{"name", a.outliers[s].name}};
    Json separations = Json::array();
    for (const Separation& one : a.separations[s]) separations.push_back(to_json(one));
    set["separations"] = std::move(separations);
    set.update(samples_of(a.outliers[s], a));
    json["outliers"].push_back(std::move(set));
  }
  return json.dump(1) + "\n";
}

}  // namespace snnl::outliers
