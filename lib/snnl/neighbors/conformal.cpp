#include <algorithm>

#include "snnl/error.hpp"
#include "snnl/outlier_scores.hpp"

namespace snnl {

ConformalScores::ConformalScores(std::vector<std::uint32_t> calibration) : sorted_(std::move(calibration)) {
  if (sorted_.empty()) throw Error("", "there are no calibration points");
  std::sort(sorted_.begin(), sorted_.end());
}

double ConformalScores::p_value(std::uint32_t score) const {
  const auto as_large = sorted_.end() - std::lower_bound(sorted_.begin(), sorted_.end(), score);
  return (1. + static_cast<double>(as_large)) / (1. + static_cast<double>(count()));
}

std::vector<std::uint32_t> nonconformity(const Votes& votes, std::uint32_t neighbors,
                                         const std::vector<std::int32_t>& labels) {
  if (labels.size() != votes.queries) throw Error("", "there must be a class for each query");
  std::vector<std::uint32_t> out(votes.queries);
  for (std::size_t q = 0; q < votes.queries; ++q) {
    if (labels[q] < 0 || static_cast<std::size_t>(labels[q]) >= votes.classes) {
      throw Error("", "a class is outside those of the training set");
    }
    out[q] = neighbors - votes.at(q, static_cast<std::size_t>(labels[q]));
  }
  return out;
}

std::vector<ConformalPrediction> conformal_predictions(const Votes& votes, std::uint32_t neighbors,
                                                       const std::vector<std::int32_t>& predicted,
                                                       const ConformalScores& calibration) {
  const std::vector<std::uint32_t> scores = nonconformity(votes, neighbors, predicted);
  std::vector<ConformalPrediction> out(votes.queries);
  for (std::size_t q = 0; q < votes.queries; ++q) {
    // The other class of most votes has the largest p-value.
    std::uint32_t most = 0;
    for (std::size_t c = 0; c < votes.classes; ++c) {
      if (c != static_cast<std::size_t>(predicted[q])) most = std::max(most, votes.at(q, c));
    }
    out[q].nonconformity = scores[q];
    out[q].credibility = calibration.p_value(scores[q]);
    out[q].confidence = votes.classes > 1 ? 1 - calibration.p_value(neighbors - most) : 1;
  }
  return out;
}

}  // namespace snnl
