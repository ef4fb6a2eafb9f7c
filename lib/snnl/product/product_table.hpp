#pragma once

#include <cstddef>

#include "snnl/product/operands.hpp"

namespace snnl::product {

/// The products that a tile of pairs is made of, by one maker of them. Makers are interchangeable but for the last
/// bits. Each gives the same bits for the same operands whatever the thread, and may be called from many at a time.
template <class Real>
struct Products {
  const char* name;
  /// Rows side by side in a RowBlock, a divisor of a line; 1 for whoever reads row-major order.
  std::size_t panel;
  /// Terms that are added up one after the other, at most, before their sum is added to others; 0 where that is not
  /// known.
  std::size_t run;

  /// out[i * stride + j] = max(0, |x_i|^2 + |y_j|^2 - 2 <x_i, y_j>) for the rows x of `left` and y of `right`, whose
  /// features are as many. stride >= whole_lines(right.rows); what lies between becomes some finite number.
  void (*squared_distances)(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out, std::size_t stride);

  /// out[i * stride + f] += sum_j w(i, j) y(first + j, f) for the rows i of `w`; or, where `transposed`,
  /// out[j * stride + f] += sum_i w(i, j) y(first + i, f) for its columns j. f goes over [0, y.width()). Rows of `w` up
  /// to the next whole line may be read.
  void (*accumulate)(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first,
                     Real* out, std::size_t stride);

  /// The panel of a PairBlock with so many columns, and of a FeatureBlock with so many features: its own where that is
  /// whole lines, else everything side by side.
  std::size_t pair_panel(std::size_t cols) const { return panel % line<Real> == 0 ? panel : whole_lines<Real>(cols); }
  std::size_t feature_panel(std::size_t features) const { return panel % line<Real> == 0 ? panel : features; }
};

}  // namespace snnl::product
