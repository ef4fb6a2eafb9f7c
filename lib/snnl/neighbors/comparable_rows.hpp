#pragma once

#include <cstddef>
#include <vector>

#include "snnl/matrix_view.hpp"
#include "snnl/points/prepared_samples.hpp"
#include "snnl/product/products.hpp"
#include "snnl/product/row_set.hpp"

namespace snnl::engine {

/// Two sets of samples, prepared for one distance: with one scale, and with the training set's mean taken off, which
/// keeps the rounding errors of the norm expansion small.
class ComparableRows {
 public:
  /// Keeps the matrices, which must outlive it. Throws snnl::Error where a value is NaN or infinite, naming the first
  /// such row.
  ComparableRows(MatrixView<const float> queries, MatrixView<const float> training, Distance distance,
                 std::size_t threads);

  /// Rows [first, first + count) as operands.
  product::RowSet<float> queries(std::size_t first, std::size_t count, std::size_t threads) const {
    return rows(queries_, first, count, threads);
  }
  product::RowSet<float> training(std::size_t first, std::size_t count, std::size_t threads) const {
    return rows(training_, first, count, threads);
  }

  /// Bound on |d - d'| of query `i` and any training sample: d' in float from tiles of the rows above, d exact in their
  /// units. Sums of products go in runs of r features, whose errors add up to (r + d / r) roundings of the norms;
  /// instruction sets without fused products have twice as many.
  float error_bound(std::size_t i) const;

  /// The distance in the caller's units, in double from the features.
  double exact(std::size_t query, std::size_t sample) const;

 private:
  product::RowSet<float> rows(const PreparedSamples& side, std::size_t first, std::size_t count,
                              std::size_t threads) const {
    return side.rows(maker_, count, threads, [first](std::size_t k) { return first + k; });
  }

  const product::Products<float>& maker_ = product::products<float>();
  MatrixView<const float> query_values_, training_values_;
  PreparedSamples queries_, training_;
  std::vector<double> query_norms_;  // squared, of the rows as tiles see them
  double largest_norm_ = 0;          // of the training samples
};

}  // namespace snnl::engine
