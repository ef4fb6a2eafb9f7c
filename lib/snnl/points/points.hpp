#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/points/prepared_samples.hpp"

namespace snnl::engine {

/// All samples are equal: every distance is zero.
class EqualSamplesError : public Error {
 public:
  EqualSamplesError() : Error("all samples are equal: every distance is zero") {}
};

/// The samples as the engine sees them: prepared for their distance, ordered by class and in it by norm, centred, and
/// scaled by a power of two so that the mean distance is of order one.
///
/// The centre of each feature is its mean, rounded to 1/256 of its standard deviation's power of two: near enough
/// for the norm expansion, and float32 input minus it is exact in double, so that ties between distances survive.
class Points {
 public:
  /// `labels` [n] in [0, classes). Throws snnl::Error when n < 2, d < 1, or the values are too large or too small for
  /// their distances to be numbers, EqualSamplesError when all distances are zero. The result does not depend on
  /// `threads`.
  Points(PreparedSamples samples, const std::vector<std::int32_t>& labels, std::size_t classes,
         std::size_t threads = 1);
  /// The same, with the preparation.
  Points(const SampleMatrix& samples, const std::vector<std::int32_t>& labels, std::size_t classes, Distance distance,
         std::size_t threads = 1)
      : Points(PreparedSamples(samples, distance, threads), labels, classes, threads) {}

  std::size_t size() const { return order_.size(); }
  std::size_t features() const { return samples_.features(); }
  std::size_t classes() const { return class_begin_.size() - 1; }

  /// Row `i` of the engine is row order()[i] of the caller.
  const std::vector<std::size_t>& order() const { return order_; }
  /// Class c holds the engine's rows [class_begin()[c], class_begin()[c + 1]).
  const std::vector<std::size_t>& class_begin() const { return class_begin_; }
  std::int32_t label(std::size_t i) const { return labels_[order_[i]]; }
  std::size_t class_size(std::size_t c) const { return class_begin_[c + 1] - class_begin_[c]; }
  /// [classes()]
  std::vector<std::size_t> class_sizes() const {
    std::vector<std::size_t> out(classes());
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = class_size(c);
    return out;
  }

  /// A distance of the engine times unit() is a distance of the caller.
  double unit() const { return unit_; }
  /// What the caller's row was multiplied by to become the engine's row `i`, but for the centre; 0 for a row of zeros
  /// under cosine.
  double factor(std::size_t i) const { return samples_.factor(order_[i]); }
  /// Mean of d(i, j) over all i != j, in the engine's units: about 1.
  double mean_distance() const { return mean_distance_; }
  /// A bound from above of the mean distance of a row, whose squared norm is `norm`, to all rows, itself included;
  /// near, as the rows are centred.
  double most_mean_distance(double norm) const;

  /// Writes the engine's row `i` to out[0 .. features()).
  template <class Real>
  void copy_row(std::size_t i, Real* out) const {
    samples_.copy_row(order_[i], out);
  }
  /// out[j] = d(i, j) in the engine's units, as PreparedSamples::extended_distances has it.
  void extended_distances(std::size_t i, long double* out) const {
    samples_.extended_distances(order_[i], order_, out);
  }
  /// All rows of the engine, as operands of `maker`'s products.
  template <class Real>
  product::RowSet<Real> rows(const product::Products<Real>& maker) const;
  /// The engine's rows [first, first + count).
  template <class Real>
  product::RowSet<Real> rows(const product::Products<Real>& maker, std::size_t first, std::size_t count,
                             std::size_t threads = 1) const;
  /// The engine's rows of these indices.
  template <class Real>
  product::RowSet<Real> rows(const product::Products<Real>& maker, const std::vector<std::size_t>& indices) const;

 private:
  void sort_by_class(std::size_t classes);
  /// Inside each class, by the squared norms of the caller's rows: rows whose nearest distances are alike lie together.
  void sort_by_norm(const std::vector<double>& norms);
  void check_not_constant() const;
  void centre();
  void measure_mean_distance();

  PreparedSamples samples_;
  std::vector<std::int32_t> labels_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> class_begin_;
  double unit_ = 1;
  double mean_distance_ = 0;
  double mean_norm_ = 0;    // of the squared norms
  double mean_length_ = 0;  // of the mean of all rows
  std::size_t threads_ = 1;
};

}  // namespace snnl::engine
