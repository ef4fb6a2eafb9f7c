#pragma once

#include <cstddef>
#include <cstdint>

#include "snnl/product/operands.hpp"

namespace snnl::kernels {

/// A rectangle of squared distances inside a tile: d(i, j) = data[i * stride + j]. An excluded pair (a sample with
/// itself) holds +infinity.
template <class Real>
struct DistanceRect {
  const Real* data = nullptr;
  std::size_t stride = 0;
  std::size_t rows = 0;
  std::size_t cols = 0;
};

/// What the gradient's weights are made of. With u = kappa * (offset - d), the weight of a pair is
/// 2^u(row) + 2^u(column) by the offsets in `other` where the columns are outside [same_begin[i], same_end[i]), which
/// are those of the row's own class; inside it is minus that, by the offsets in `same`.
template <class Real>
struct WeightOffsets {
  Real kappa = 0;
  const Real *row_other = nullptr, *row_same = nullptr;          ///< [rows]
  const Real *col_other = nullptr, *col_same = nullptr;          ///< [columns, up to whole lines]
  const std::size_t *same_begin = nullptr, *same_end = nullptr;  ///< [rows]
};

/// Most temperatures one exp_sums call can serve: one exponential, the others by squaring.
inline constexpr std::size_t max_ladder = 4;

/// The inner loops, compiled once for each instruction set. All of them add to (or lower) what the output arrays
/// hold; column outputs may be null. With u(i, j) = kappa * (shift[i] - d(i, j)), the difference
/// first so that nothing cancels where d is near the shift, the weights are 2^u, 0 below the
/// range of Real, and held at its upper end, so that sums beyond ExpRange::highest show an overflow.
template <class Real>
struct Kernels {
  /// row_min[i] = min(row_min[i], min_j d(i, j)), and the same for columns.
  void (*minima)(const DistanceRect<Real>& rect, Real* row_min, Real* col_min);

  /// For ladder step q in [0, steps), steps <= max_ladder, temperature halving at each step:
  /// row_sums[q * row_stride + i] += sum_j 2^(u 2^q), col_sums[q * col_stride + j] += sum_i 2^(u 2^q).
  void (*exp_sums)(const DistanceRect<Real>& rect, Real kappa, const Real* shift, std::size_t steps, Real* row_sums,
                   std::size_t row_stride, Real* col_sums, std::size_t col_stride);

  /// weighted[j] += sum_i row_share[i] 2^u, and plain[j] += sum_i 2^u where `plain` is not null.
  void (*share_sums)(const DistanceRect<Real>& rect, Real kappa, const Real* shift, const Real* row_share,
                     Real* weighted, Real* plain);

  /// row_sums[i] += sum_j 2^u, row_moments[i] += sum_j u 2^u, and the same for columns.
  void (*entropy_sums)(const DistanceRect<Real>& rect, Real kappa, const Real* shift, Real* row_sums, Real* row_moments,
                       Real* col_sums, Real* col_moments);

  /// Sets weights(i, j) = w_ij as WeightOffsets says, and adds: row_sums[i] += sum_j w_ij, col_sums[j] += sum_i w_ij,
  /// and row_moments[i] += sum_j of either weight times the distance, less the offset in `other` of its row or column.
  /// Excluded pairs weigh nothing. Rows of `rect` and col_sums reach to
  /// the end of the last line.
  void (*gradient_weights)(const DistanceRect<Real>& rect, const WeightOffsets<Real>& offsets,
                           const product::PairBlock<Real>& weights, Real* row_sums, Real* col_sums, Real* row_moments);

  /// Writes to `out` the positions j in [0, count), ascending, with values[j] <= limit, and returns how many they are;
  /// `out` has room for count.
  std::size_t (*select_within)(const Real* values, std::size_t count, Real limit, std::uint32_t* out);

  /// The same with values[j] <= max(limit, limits[j]).
  std::size_t (*select_near)(const Real* values, const Real* limits, std::size_t count, Real limit, std::uint32_t* out);
};

/// Sums of 2^u are trusted between these: below the lower one, terms may have been flushed to zero that matter
/// (n <= 2^30); above the upper one, terms may have been held at the end of the range.
template <class Real>
struct ExpRange;
template <>
struct ExpRange<float> {
  static constexpr double lowest = 0x1p-70, highest = 0x1p+100;
};
template <>
struct ExpRange<double> {
  static constexpr double lowest = 0x1p-900, highest = 0x1p+900;
};

}  // namespace snnl::kernels
