#pragma once

#include <xsimd/xsimd.hpp>

#include "snnl/kernels/kernel_table.hpp"
#include "snnl/product/packed/registers.hpp"

namespace snnl::simd {

/// Squared distances between two sets of rows in panels: a matrix product whose results stay in registers over many
/// features, with the norms added where it ends. See kernels_impl.hpp for what may be used here.
template <class Real, class Arch>
struct DistanceKernel {
  using Batch = xsimd::batch<Real, Arch>;
  static constexpr std::size_t width = Batch::size;
  static constexpr std::size_t panel = panel_rows<Real>;

  static constexpr std::size_t rows_at_once = rows_in_registers, batches_at_once = batches_in_registers;
  static_assert(panel % rows_at_once == 0 && panel % width == 0);

  /// Features that go through the registers at a time: 3 batches of columns, and 8 rows, of so many stay in the
  /// first-level cache.
  static constexpr std::size_t features_at_once = 1024 / sizeof(Real);

  /// A stretch of the features, and whether it is the first and the last one.
  struct Stretch {
    std::size_t begin, count;
    bool first, last;
  };

  /// `Batches` batches of columns from `col` on, against the rows [row, row + rows_at_once).
  template <std::size_t Batches>
  static void block(const PanelView<Real>& left, std::size_t row, const PanelView<Real>& right, std::size_t col,
                    std::size_t features, const Stretch& stretch, Real* out, std::size_t stride) {
    const Real* const x = left.values + (row / panel * features + stretch.begin) * panel + row % panel;
    const Real* y[Batches];
    for (std::size_t b = 0; b < Batches; ++b) {
      const std::size_t at = col + b * width;
      y[b] = right.values + (at / panel * features + stretch.begin) * panel + at % panel;
    }
    Batch sums[rows_at_once][Batches];
    each<rows_at_once * Batches>([&](auto k) { sums[k / Batches][k % Batches] = Batch(Real(0)); });
    for (std::size_t f = 0; f < stretch.count; ++f) {
      Batch columns[Batches];
      each<Batches>([&](auto b) { columns[b] = Batch::load_aligned(y[b] + f * panel); });
      each<rows_at_once>([&](auto r) {
        const Batch value(x[f * panel + r]);
        each<Batches>([&](auto b) { sums[r][b] = xsimd::fma(value, columns[b], sums[r][b]); });
      });
    }
    const Batch zero(Real(0));
    each<rows_at_once>([&](auto r) {
      if (row + r >= left.rows) return;
      each<Batches>([&](auto b) {
        Real* const to = out + (row + r) * stride + col + b * width;
        Batch sum = sums[r][b];
        if (!stretch.first) sum = sum + Batch::load_unaligned(to);
        if (stretch.last) {
          const Batch norms = Batch(left.norms[row + r]) + Batch::load_unaligned(right.norms + col + b * width);
          sum = xsimd::max(norms - (sum + sum), zero);
        }
        sum.store_unaligned(to);
      });
    });
  }

  template <std::size_t Batches>
  static void columns(const PanelView<Real>& left, const PanelView<Real>& right, std::size_t col, std::size_t features,
                      const Stretch& stretch, Real* out, std::size_t stride) {
    for (std::size_t row = 0; row < left.rows; row += rows_at_once) {
      block<Batches>(left, row, right, col, features, stretch, out, stride);
    }
  }

  static void distances(const PanelView<Real>& left, const PanelView<Real>& right, std::size_t features, Real* out,
                        std::size_t stride) {
    const std::size_t cols = (right.rows + panel - 1) / panel * panel;
    for (std::size_t f = 0; f < features; f += features_at_once) {
      const std::size_t left_over = features - f;
      const bool last = left_over <= features_at_once;
      const Stretch stretch{f, last ? left_over : features_at_once, f == 0, last};
      std::size_t col = 0;
      for (; col + batches_at_once * width <= cols; col += batches_at_once * width) {
        columns<batches_at_once>(left, right, col, features, stretch, out, stride);
      }
      for (; col + (batches_at_once - 1) * width <= cols; col += (batches_at_once - 1) * width) {
        columns<batches_at_once - 1>(left, right, col, features, stretch, out, stride);
      }
      for (; col < cols; col += width) columns<1>(left, right, col, features, stretch, out, stride);
    }
  }
};

}  // namespace snnl::simd
