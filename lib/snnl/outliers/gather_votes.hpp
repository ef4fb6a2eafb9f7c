#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "snnl/outlier_scores.hpp"
#include "snnl/outliers/compared_sets.hpp"
#include "snnl/outliers/row_digests.hpp"

namespace snnl::outliers {

/// The votes of the neighbours of one set, gathered over the layers.
struct GatheredVotes {
  const SampleSet* set;
  std::vector<Votes> by_layer;
  Votes sum;
  std::vector<std::vector<double>> kth_distance;  ///< [layers][n] to the last of the neighbours

  /// Those of one more layer, by its neighbours.
  void add(Votes votes, const Neighbors& found) {
    kth_distance.emplace_back();
    for (std::size_t q = 0; q < found.queries; ++q)
      kth_distance.back().push_back(found.distances[(q + 1) * found.k - 1]);
    if (by_layer.empty()) {
      sum = votes;
    } else {
      add_votes(sum, votes);
    }
    by_layer.push_back(std::move(votes));
  }
};

/// What is found by reading every layer once.
struct Gathered {
  std::vector<GatheredVotes> sets;  ///< as ComparedSets::judged() has them
  std::vector<double> recall;       ///< [layers] as in OutlierAnalysis
  RowDigests training, calibration;
};

/// Test samples for which an index is held against the exact search, spread evenly: this many at most.
inline constexpr std::size_t most_recall_samples = 200;

/// Searches the neighbours of every set in every layer. One layer is in memory at a time. `on_step` as in
/// analyse_outliers. Throws snnl::Error where numbers of features differ or a value is not finite.
Gathered gather_votes(const ComparedSets& sets, const OutlierOptions& options,
                      const std::function<void(double, const std::string&)>& on_step);

}  // namespace snnl::outliers
