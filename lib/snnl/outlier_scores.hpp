#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/nearest_neighbors.hpp"

namespace snnl {
/// How many of each query's neighbours have each class, in one layer or summed over several.
struct Votes {
  std::size_t queries = 0;            ///< samples that are voted on
  std::size_t classes = 0;            ///< of the training samples
  std::vector<std::uint32_t> counts;  ///< [queries, classes]

  /// Neighbours of a query that have class c.
  std::uint32_t at(std::size_t query, std::size_t c) const { return counts[query * classes + c]; }
};

/// `labels` of the training samples, each in [0, classes). Missing neighbours vote for no class. Throws snnl::Error
/// where one is outside.
Votes count_votes(const Neighbors& neighbors, const std::vector<std::int32_t>& labels, std::size_t classes);

/// Adds the votes of another layer of the same queries. Throws snnl::Error where the shapes differ.
void add_votes(Votes& sum, const Votes& layer);

/// The class of most votes for each query, the first of equal ones.
std::vector<std::int32_t> most_voted(const Votes& votes);

/// Inductive conformal prediction: how a score ranks among those of calibration points, which were not trained on
/// (Vovk, Gammerman & Shafer, "Algorithmic Learning in a Random World", 2005). If the points are exchangeable, the
/// probability of p <= a is at most a.
class ConformalScores {
 public:
  /// Scores of the calibration points at their true class, at least one; larger ones conform less. Scores of zero
  /// count like any other. Throws snnl::Error where there are none.
  explicit ConformalScores(std::vector<std::uint32_t> calibration);

  /// Number of calibration points.
  std::size_t count() const { return sorted_.size(); }
  /// The share (1 + #{calibration score >= score}) / (1 + count), in (0, 1].
  double p_value(std::uint32_t score) const;

 private:
  std::vector<std::uint32_t> sorted_;  // ascending
};

/// What the neighbours say of one query (Papernot & McDaniel, "Deep k-Nearest Neighbors", 2018).
struct ConformalPrediction {
  std::uint32_t nonconformity = 0;  ///< of the predicted class: neighbours over all layers that have another one
  double credibility = 0;           ///< p-value of the predicted class
  double confidence = 0;            ///< 1 - the largest p-value of any other class
};

/// `votes` over all layers of the queries, `neighbors` = k times the number of layers, `predicted` [queries] classes.
/// Throws snnl::Error where the shapes do not fit, or a prediction is outside the classes.
std::vector<ConformalPrediction> conformal_predictions(const Votes& votes, std::uint32_t neighbors,
                                                       const std::vector<std::int32_t>& predicted,
                                                       const ConformalScores& calibration);

/// Nonconformity of each query with its class in `labels`: neighbours over all layers that have another one.
std::vector<std::uint32_t> nonconformity(const Votes& votes, std::uint32_t neighbors,
                                         const std::vector<std::int32_t>& labels);

}  // namespace snnl
