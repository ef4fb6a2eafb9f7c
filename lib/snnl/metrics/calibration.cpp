#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "snnl/error.hpp"
#include "snnl/metrics.hpp"

namespace snnl::metrics {

Calibration calibration(const std::vector<double>& confidence, const std::vector<bool>& correct, std::size_t bins) {
  const std::size_t n = confidence.size();
  if (n == 0) throw Error("", "no predictions");
  if (correct.size() != n) throw Error("", "as many confidences as predictions are needed");
  if (bins == 0) throw Error("", "at least one bin is needed");
  std::vector<double> sums(bins, 0.), hits(bins, 0.);
  Calibration out;
  out.bins.resize(bins);
  const auto count = static_cast<double>(bins);
  const auto edge = [&](std::size_t b) { return static_cast<double>(b) / count; };
  for (std::size_t i = 0; i < n; ++i) {
    const double p = confidence[i];
    if (!(p >= 0 && p <= 1)) throw Error("", "confidence " + std::to_string(p) + " is no number in [0, 1]");
    std::size_t b = std::min(bins - 1, static_cast<std::size_t>(p * count));
    // The product may round over an edge that p is not beyond.
    if (p < edge(b)) --b;
    if (b + 1 < bins && p >= edge(b + 1)) ++b;
    ++out.bins[b].count;
    sums[b] += p;
    hits[b] += correct[i] ? 1 : 0;
  }
  for (std::size_t b = 0; b < bins; ++b) {
    CalibrationBin& bin = out.bins[b];
    bin.lower = edge(b);
    bin.upper = edge(b + 1);
    bin.confidence = bin.accuracy = std::numeric_limits<double>::quiet_NaN();
    if (bin.count == 0) continue;
    const auto members = static_cast<double>(bin.count);
    bin.confidence = sums[b] / members;
    bin.accuracy = hits[b] / members;
    const double error = std::abs(bin.accuracy - bin.confidence);
    out.expected_error += members / static_cast<double>(n) * error;
    out.maximum_error = std::max(out.maximum_error, error);
  }
  return out;
}

ClassifierScores classifier_scores(MatrixView<const float> logits, const std::vector<std::int64_t>& labels) {
  const std::size_t n = logits.rows, classes = logits.cols;
  if (n == 0 || classes == 0) throw Error("", "no logits");
  if (labels.size() != n)
    throw Error("", std::to_string(n) + " rows of logits, but " + std::to_string(labels.size()) + " labels");
  ClassifierScores out;
  double entropy = 0;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const float* const row = logits.row(i);
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes) {
      throw Error("", "label " + std::to_string(labels[i]) + " is outside the " + std::to_string(classes) + " classes");
    }
    if (std::any_of(row, row + classes, [](float v) { return std::isnan(v); })) {
      throw Error("", "row " + std::to_string(i) + " of the logits holds NaN");
    }
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    const double top = row[best];
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c)
      sum += row[c] == row[best] ? 1 : std::exp(static_cast<double>(row[c]) - top);
    const auto label = static_cast<std::size_t>(labels[i]);
    entropy += std::log(sum) + (row[label] == row[best] ? 0 : top - static_cast<double>(row[label]));
    out.predictions.push_back(static_cast<std::int64_t>(best));
    out.confidence.push_back(1 / sum);
    out.energy.push_back(top + std::log(sum));
    out.correct.push_back(best == label);
    hits += best == label;
  }
  out.accuracy = static_cast<double>(hits) / static_cast<double>(n);
  out.cross_entropy = entropy / static_cast<double>(n);
  return out;
}

}  // namespace snnl::metrics
