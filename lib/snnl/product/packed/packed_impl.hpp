#pragma once

// The packed maker, compiled once for each instruction set by the packed_<set>.cpp beside this file, each under an Arch
// of its own so that no two compilations share a symbol. Nothing from the standard library with a body may be used
// here: the linker could keep the copy that this machine cannot run.

#include "snnl/product/packed/microtile.hpp"
#include "snnl/product/product_table.hpp"

namespace snnl::product {

template <class Real, class Arch>
struct Packed {
  using Batch = xsimd::batch<Real, Arch>;
  static constexpr std::size_t width = Batch::size;
  static constexpr std::size_t panel = line<Real>;
  static_assert(panel % mr == 0 && panel % width == 0 && kc<Real> % panel == 0);

  static constexpr std::size_t whole_panels(std::size_t count) { return (count + panel - 1) / panel * panel; }

  /// A stretch of the features, and whether it is the first and the last one.
  struct Stretch {
    std::size_t begin, count;
    bool first, last;
  };

  /// Columns from `col` on against the rows [row, row + mr); where the features end, the products become distances.
  template <std::size_t Batches>
  static void distance_block(const RowBlock<Real>& left, std::size_t row, const RowBlock<Real>& right, std::size_t col,
                             const Stretch& stretch, Real* out, std::size_t stride) {
    const std::size_t features = left.features;
    const Real* y[Batches];
    for (std::size_t b = 0; b < Batches; ++b) {
      const std::size_t at = col + b * width;
      y[b] = right.values + (at / panel * features + stretch.begin) * panel + at % panel;
    }
    Microtile<Real, Arch, Batches> tile;
    tile.clear();
    tile.template add<1, panel>(left.values + (row / panel * features + stretch.begin) * panel + row % panel, y,
                                stretch.count);
    const Batch zero(Real(0));
    simd::each<mr>([&](auto r) {
      if (row + r >= left.rows) return;
      simd::each<Batches>([&](auto b) {
        Real* const to = out + (row + r) * stride + col + b * width;
        Batch sum = tile.sums[r][b];
        if (!stretch.first) sum = sum + Batch::load_unaligned(to);
        if (stretch.last) {
          const Batch norms = Batch(left.norms[row + r]) + Batch::load_unaligned(right.norms + col + b * width);
          sum = xsimd::max(norms - (sum + sum), zero);
        }
        sum.store_unaligned(to);
      });
    });
  }

  static void squared_distances(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out,
                                std::size_t stride) {
    for (std::size_t f = 0; f < left.features; f += kc<Real>) {
      const std::size_t left_over = left.features - f;
      const bool last = left_over <= kc<Real>;
      const Stretch stretch{f, last ? left_over : kc<Real>, f == 0, last};
      for_each_strip<width>(whole_panels(right.rows), [&](std::size_t col, auto batches) {
        for (std::size_t row = 0; row < left.rows; row += mr) {
          distance_block<batches()>(left, row, right, col, stretch, out, stride);
        }
      });
    }
  }

  /// Features from `feature` on of the rows [row, row + mr) of the result, over the terms [begin, end); `begin` is the
  /// first of a panel.
  template <bool Transposed, std::size_t Batches>
  static void accumulate_block(const PairBlock<Real>& w, std::size_t row, std::size_t begin, std::size_t end,
                               const FeatureBlock<Real>& right, std::size_t first, std::size_t feature, Real* out,
                               std::size_t stride) {
    const Real* y[Batches];
    const auto from_term = [&](std::size_t term) {
      for (std::size_t b = 0; b < Batches; ++b) {
        const std::size_t at = feature + b * width;
        y[b] = right.values + (at / panel * right.rows + first + term) * panel + at % panel;
      }
    };
    Microtile<Real, Arch, Batches> tile;
    tile.clear();
    if constexpr (Transposed) {
      from_term(begin);
      const Real* const x = w.values + row / panel * w.rows * panel + row % panel;
      tile.template add<1, panel>(x + begin * panel, y, end - begin);
    } else {
      for (std::size_t p = begin; p < end; p += panel) {
        from_term(p);
        const Real* const x = w.values + (p / panel * w.rows + row) * panel;
        tile.template add<panel, 1>(x, y, end - p < panel ? end - p : panel);
      }
    }
    const std::size_t rows = Transposed ? w.cols : w.rows;
    simd::each<mr>([&](auto r) {
      if (row + r >= rows) return;
      simd::each<Batches>([&](auto b) {
        Real* const to = out + (row + r) * stride + feature + b * width;
        (Batch::load_unaligned(to) + tile.sums[r][b]).store_unaligned(to);
      });
    });
  }

  template <bool Transposed>
  static void accumulate_terms(const PairBlock<Real>& w, const FeatureBlock<Real>& right, std::size_t first, Real* out,
                               std::size_t stride) {
    const std::size_t terms = Transposed ? w.rows : w.cols, rows = Transposed ? w.cols : w.rows;
    for (std::size_t begin = 0; begin < terms; begin += kc<Real>) {
      const std::size_t end = terms - begin < kc<Real> ? terms : begin + kc<Real>;
      for_each_strip<width>(whole_panels(right.features), [&](std::size_t feature, auto batches) {
        for (std::size_t row = 0; row < rows; row += mr) {
          accumulate_block<Transposed, batches()>(w, row, begin, end, right, first, feature, out, stride);
        }
      });
    }
  }

  static void accumulate(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& right, std::size_t first,
                         Real* out, std::size_t stride) {
    transposed ? accumulate_terms<true>(w, right, first, out, stride)
               : accumulate_terms<false>(w, right, first, out, stride);
  }

  static constexpr Products<Real> table{"packed", panel, kc<Real>, &squared_distances, &accumulate};
};

}  // namespace snnl::product
