#pragma once

#include <limits>
#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "snnl/kernels/exp2.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/product/packed/registers.hpp"

namespace snnl::simd {

/// The gradient's weights of a tile, and their products with the rows of either side. See kernels_impl.hpp for what may
/// be used here.
template <class Real, class Arch>
struct GradientKernel {
  using Batch = xsimd::batch<Real, Arch>;
  using Mask = typename Batch::batch_bool_type;
  static constexpr std::size_t width = Batch::size;
  static constexpr std::size_t panel = panel_rows<Real>;
  static constexpr std::size_t rows_at_once = rows_in_registers, batches_at_once = batches_in_registers;
  static_assert(panel % rows_at_once == 0 && panel % width == 0);

  /// Terms that go through the registers at a time: so many of 3 batches of features stay in the first-level cache.
  static constexpr std::size_t terms_at_once = 1024 / sizeof(Real);
  static_assert(terms_at_once % panel == 0);

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
                             const PairPanels<Real>& weights, Real* row_sums, Real* col_sums, Real* row_moments) {
    const Real* const distances = rect.data + i * rect.stride;
    const Batch kappa(offsets.kappa), zero(Real(0)), largest(std::numeric_limits<Real>::max() / 4);
    const Batch row_other(offsets.row_other[i]), row_same(offsets.row_same[i]);
    const std::size_t begin = offsets.same_begin[i], end = offsets.same_end[i];
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
      weight.store_aligned(weights.values + (col / panel * weights.rows + i) * panel + col % panel);
      sum = sum + weight;
      (Batch::load_unaligned(col_sums + col) + weight).store_unaligned(col_sums + col);
      moment = xsimd::fma(by_row, bounded - row_other, moment);
      moment = xsimd::fma(by_col, bounded - col_other, moment);
    }
    row_sums[i] += xsimd::hadd(sum);
    row_moments[i] += xsimd::hadd(moment);
  }

  static void gradient_weights(const DistanceRect<Real>& rect, const WeightOffsets<Real>& offsets,
                               const PairPanels<Real>& weights, Real* row_sums, Real* col_sums, Real* row_moments) {
    for (std::size_t i = 0; i < rect.rows; ++i) {
      weights_of_row(rect, offsets, i, weights, row_sums, col_sums, row_moments);
    }
  }

  /// `Batches` batches of features from panel `f` and lane `lane` on, of rows_at_once rows of the result from `row` on,
  /// over the terms [begin, end); `begin` is the first of a panel.
  template <bool Mirrored, std::size_t Batches>
  static void block(const PairPanels<Real>& weights, std::size_t row, std::size_t begin, std::size_t end,
                    const FeaturePanelView<Real>& right, std::size_t first, std::size_t feature, Real* out,
                    std::size_t stride) {
    const Real* y[Batches];
    for (std::size_t b = 0; b < Batches; ++b) {
      const std::size_t at = feature + b * width;
      y[b] = right.values + (at / panel * right.rows + first) * panel + at % panel;
    }
    Batch sums[rows_at_once][Batches];
    each<rows_at_once * Batches>([&](auto k) { sums[k / Batches][k % Batches] = Batch(Real(0)); });
    const auto add = [&](std::size_t term, const Real* x, auto row_stride) {
      Batch columns[Batches];
      each<Batches>([&](auto b) { columns[b] = Batch::load_aligned(y[b] + term * panel); });
      each<rows_at_once>([&](auto r) {
        const Batch value(x[r * row_stride()]);
        each<Batches>([&](auto b) { sums[r][b] = xsimd::fma(value, columns[b], sums[r][b]); });
      });
    };
    if constexpr (Mirrored) {
      const Real* const x = weights.values + row / panel * weights.rows * panel + row % panel;
      for (std::size_t i = begin; i < end; ++i) add(i, x + i * panel, std::integral_constant<std::size_t, 1>());
    } else {
      for (std::size_t p = begin; p < end; p += panel) {
        const Real* const x = weights.values + (p / panel * weights.rows + row) * panel;
        const std::size_t count = end - p < panel ? end - p : panel;
        for (std::size_t k = 0; k < count; ++k) add(p + k, x + k, std::integral_constant<std::size_t, panel>());
      }
    }
    const std::size_t rows = Mirrored ? weights.cols : weights.rows;
    each<rows_at_once>([&](auto r) {
      if (row + r >= rows) return;
      each<Batches>([&](auto b) {
        Real* const to = out + (row + r) * stride + feature + b * width;
        (Batch::load_unaligned(to) + sums[r][b]).store_unaligned(to);
      });
    });
  }

  template <bool Mirrored, std::size_t Batches>
  static void features(const PairPanels<Real>& weights, std::size_t begin, std::size_t end,
                       const FeaturePanelView<Real>& right, std::size_t first, std::size_t feature, Real* out,
                       std::size_t stride) {
    const std::size_t rows = Mirrored ? weights.cols : weights.rows;
    for (std::size_t row = 0; row < rows; row += rows_at_once) {
      block<Mirrored, Batches>(weights, row, begin, end, right, first, feature, out, stride);
    }
  }

  template <bool Mirrored>
  static void products(const PairPanels<Real>& weights, const FeaturePanelView<Real>& right, std::size_t first,
                       Real* out, std::size_t stride) {
    const std::size_t terms = Mirrored ? weights.rows : weights.cols, all = right.panels * panel;
    for (std::size_t begin = 0; begin < terms; begin += terms_at_once) {
      const std::size_t end = terms - begin < terms_at_once ? terms : begin + terms_at_once;
      std::size_t f = 0;
      for (; f + batches_at_once * width <= all; f += batches_at_once * width) {
        features<Mirrored, batches_at_once>(weights, begin, end, right, first, f, out, stride);
      }
      for (; f + (batches_at_once - 1) * width <= all; f += (batches_at_once - 1) * width) {
        features<Mirrored, batches_at_once - 1>(weights, begin, end, right, first, f, out, stride);
      }
      for (; f < all; f += width) features<Mirrored, 1>(weights, begin, end, right, first, f, out, stride);
    }
  }

  static void add_products(const PairPanels<Real>& weights, bool mirrored, const FeaturePanelView<Real>& right,
                           std::size_t first, Real* out, std::size_t stride) {
    if (mirrored) {
      products<true>(weights, right, first, out, stride);
    } else {
      products<false>(weights, right, first, out, stride);
    }
  }
};

}  // namespace snnl::simd
