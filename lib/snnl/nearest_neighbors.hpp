#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "snnl/matrix_view.hpp"
#include "snnl/options.hpp"

namespace snnl {

/// How neighbours are searched.
struct NeighborOptions {
  /// Of two samples.
  Distance distance = Distance::sqeuclidean;
  /// Threads to use; 0: as many as there are processors. The results do not depend on it, to the last bit.
  std::size_t threads = 0;
};

/// The k nearest training samples of each query, nearest first, equally near ones by index.
struct Neighbors {
  /// Stands where a search that is not exact found fewer than k, with an infinite distance.
  static constexpr std::uint32_t missing = std::numeric_limits<std::uint32_t>::max();

  std::size_t queries = 0;             ///< samples whose neighbours these are
  std::size_t k = 0;                   ///< neighbours of each
  std::vector<std::uint32_t> indices;  ///< [queries, k] rows of the training matrix
  std::vector<double> distances;       ///< [queries, k] in units of the distance

  /// [k] of one query.
  const std::uint32_t* indices_of(std::size_t query) const { return indices.data() + query * k; }
  /// [k] of one query.
  const double* distances_of(std::size_t query) const { return distances.data() + query * k; }
};

/// Exact nearest neighbours: those that distances in double, from the features themselves, give. `queries` [q, d],
/// `training` [n, d], row-major; 1 <= k <= n. Memory O((q + n) d + q k). Under cosine a row of zeros has distance 1 to
/// every other row.
///
/// Distances are first taken in float by tiles; what could be among the k nearest within the bound of their rounding
/// errors is then measured in double.
///
/// Throws snnl::Error if the numbers of features differ or are 0, k is 0 or larger than n, n is 2^32 or more, a value
/// is NaN or infinite.
Neighbors nearest_neighbors(MatrixView<const float> queries, MatrixView<const float> training, std::size_t k,
                            const NeighborOptions& options = {});

/// The same for xtensor's arrays.
inline Neighbors nearest_neighbors(const xt::xtensor<float, 2>& queries, const xt::xtensor<float, 2>& training,
                                   std::size_t k, const NeighborOptions& options = {}) {
  const auto view = [](const auto& x) { return MatrixView<const float>{x.data(), x.shape(0), x.shape(1)}; };
  return nearest_neighbors(view(queries), view(training), k, options);
}

/// A search other than the exact one, for training sets too large for that.
struct NeighborIndex {
  /// Searches the training samples that it was made for.
  using Search = std::function<Neighbors(MatrixView<const float> queries, std::size_t k)>;
  std::string name;  ///< for results, such as "HNSW32"; empty: none, neighbours are exact
  /// Makes the index of a training set, which must outlive it. May throw snnl::Error.
  std::function<Search(MatrixView<const float> training, const NeighborOptions& options)> make;
};

/// The share of the neighbours in `exact` that are also in `found`: the mean recall of the queries. Both are of the
/// same queries and k; throws snnl::Error where they are not.
double recall(const Neighbors& found, const Neighbors& exact);

}  // namespace snnl
