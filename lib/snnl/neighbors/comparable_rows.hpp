#pragma once

#include <cstddef>
#include <vector>

#include "snnl/matrix_view.hpp"
#include "snnl/points/points.hpp"
#include "snnl/product/products.hpp"
#include "snnl/product/row_set.hpp"

namespace snnl {

/// Two sets of samples as distance tiles in float want them: scaled by a power of two, and with the training set's mean
/// taken off, which keeps the rounding errors of the norm expansion small. Cosine becomes a squared Euclidean distance
/// of unit rows, halved.
class ComparableRows {
 public:
  /// Throws snnl::Error where a value is NaN or infinite, naming the first such row.
  ComparableRows(MatrixView<const float> queries, MatrixView<const float> training, Distance distance,
                 std::size_t threads);

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
  struct Side {
    MatrixView<const float> x;
    std::vector<double> length;  // under cosine, |x|; 0 marks a row of zeros
    std::vector<double> norm;    // squared, of the rows as tiles see them
  };
  void measure(Side& side, std::size_t threads) const;
  double factor(const Side& side, std::size_t i) const;
  product::RowSet<float> rows(const Side& side, std::size_t first, std::size_t count, std::size_t threads) const;

  const product::Products<float>& maker_ = product::products<float>(product::Work::neighbors);
  Side queries_, training_;
  Distance distance_;
  double scale_ = 1;
  std::vector<double> centre_;
  double largest_norm_ = 0;  // of the training samples
};

}  // namespace snnl
