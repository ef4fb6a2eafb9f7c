#pragma once

#include <limits>
#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "snnl/kernels/exp2.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/simd/fma.hpp"

namespace snnl::kernels {

/// The gradient's weights of a tile. See kernels_impl.hpp for what may
/// be used here.
template <class Real, class Arch>
struct GradientKernel {
  using Batch = xsimd::batch<Real, Arch>;
  using Mask = typename Batch::batch_bool_type;
  static constexpr std::size_t width = Batch::size;

  struct Lanes {
    Real index[width];
    constexpr Lanes() : index{} {
      for (std::size_t k = 0; k < width; ++k) index[k] = static_cast<Real>(k);
    }
  };
  /// Lanes k with begin <= col + k < end.
  static Mask inside(std::size_t col, std::size_t begin, std::size_t end) {
    alignas(64) static constexpr Lanes lanes;
    const Batch at = Batch::load_aligned(lanes.index);
    const auto from_col = [col](std::size_t place) {
      return Batch(place <= col ? Real(0) : static_cast<Real>(place - col < width ? place - col : width));
    };
    return (at >= from_col(begin)) & (at < from_col(end));
  }

  static void weights_of_row(const DistanceRect<Real>& rect, const WeightOffsets<Real>& offsets, std::size_t i,
                             const product::PairBlock<Real>& weights, Real* row_sums, Real* col_sums,
                             Real* row_moments) {
    const Real* const distances = rect.data + i * rect.stride;
    const Batch kappa(offsets.kappa), zero(Real(0)), largest(std::numeric_limits<Real>::max() / 4);
    const Batch row_other(offsets.row_other[i]), row_same(offsets.row_same[i]);
    const std::size_t begin = offsets.same_begin[i], end = offsets.same_end[i];
    Real* to = weights.values + i * weights.panel;
    std::size_t lane = 0;
    Batch sum = zero, moment = zero;
    for (std::size_t col = 0; col < rect.cols; col += width) {
      const Batch d = Batch::load_unaligned(distances + col);
      const Batch col_other = Batch::load_unaligned(offsets.col_other + col);
      const std::size_t next = col + width;
      Batch by_row, by_col;
      const auto set_other = [&] {
        by_row = exp2_weight((row_other - d) * kappa);
        by_col = exp2_weight((col_other - d) * kappa);
      };
      const auto set_same = [&] {
        by_row = zero - exp2_weight((row_same - d) * kappa);
        by_col = zero - exp2_weight((Batch::load_unaligned(offsets.col_same + col) - d) * kappa);
      };
      if (next <= begin || col >= end) {
        set_other();
      } else if (col >= begin && next <= end) {
        set_same();
      } else {
        set_other();
        const Batch other_row = by_row, other_col = by_col;
        set_same();
        const Mask same = inside(col, begin, end);
        by_row = xsimd::select(same, by_row, other_row);
        by_col = xsimd::select(same, by_col, other_col);
      }
      if (next > rect.cols) {
        const Mask there = inside(col, 0, rect.cols);
        by_row = xsimd::select(there, by_row, zero);
        by_col = xsimd::select(there, by_col, zero);
      }
      const Batch weight = by_row + by_col, bounded = xsimd::min(d, largest);
      weight.store_aligned(to + lane);
      if (lane += width; lane == weights.panel) {
        lane = 0;
        to += weights.rows * weights.panel;
      }
      sum = sum + weight;
      (Batch::load_unaligned(col_sums + col) + weight).store_unaligned(col_sums + col);
      moment = simd::fma(by_row, bounded - row_other, moment);
      moment = simd::fma(by_col, bounded - col_other, moment);
    }
    row_sums[i] += xsimd::hadd(sum);
    row_moments[i] += xsimd::hadd(moment);
  }

  static void gradient_weights(const DistanceRect<Real>& rect, const WeightOffsets<Real>& offsets,
                               const product::PairBlock<Real>& weights, Real* row_sums, Real* col_sums,
                               Real* row_moments) {
    for (std::size_t i = 0; i < rect.rows; ++i) {
      weights_of_row(rect, offsets, i, weights, row_sums, col_sums, row_moments);
    }
  }
};

}  // namespace snnl::kernels
