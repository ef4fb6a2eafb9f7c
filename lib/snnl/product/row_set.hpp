#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snnl/memory/buffer.hpp"
#include "snnl/product/product_table.hpp"

namespace snnl::product {

/// Rows as an operand of distances: d(i, j) = norms[i] + norms[j] - 2 <x_i, x_j>. They lie as their maker reads them,
/// so that tiles copy nothing, filled up by rows of zeros.
template <class Real>
class RowSet {
 public:
  /// Rows that are filled in at a time: whole panels of every maker.
  static constexpr std::size_t group = line<Real>;

  RowSet(const Products<Real>& maker, std::size_t rows, std::size_t features)
      : maker_(&maker),
        features_(features),
        values_(whole_lines<Real>(rows) * features),
        norms_(rows),
        padded_norms_(whole_lines<Real>(rows)) {}

  /// Who multiplies them.
  const Products<Real>& maker() const { return *maker_; }
  std::size_t rows() const { return norms_.size(); }
  std::size_t features() const { return features_; }
  /// [rows] squared norms of the rows as rounded to Real, in double.
  const std::vector<double>& norms() const { return norms_; }
  /// Feature `f` of row `i`.
  Real value(std::size_t i, std::size_t f) const {
    const std::size_t panel = maker_->panel;
    return values_.data()[(i / panel * features_ + f) * panel + i % panel];
  }
  /// Rows [first, first + count); `first` is the first of a group.
  RowBlock<Real> view(std::size_t first, std::size_t count) const {
    return {values_.data() + first * features_, padded_norms_.data() + first, count, features_, maker_->panel};
  }

  /// Takes `rows`, [count, features] row-major, from `first` on, which is the first of a group, and their norms; count
  /// is a group, or what is left for the last one. Several threads may fill groups of their own.
  void fill(std::size_t first, const Real* rows, std::size_t count) {
    Real* const out = values_.data() + first * features_;
    const std::size_t panel = maker_->panel;
    for (std::size_t p = 0; p < group; p += panel) {
      for (std::size_t f = 0; f < features_; ++f) {
        for (std::size_t r = p; r < p + panel; ++r) {
          out[p * features_ + f * panel + r - p] = r < count ? rows[r * features_ + f] : Real(0);
        }
      }
    }
    double sums[group] = {};
    for (std::size_t p = 0; p < group; p += panel) {
      for (std::size_t f = 0; f < features_; ++f) {
        for (std::size_t r = 0; r < panel; ++r) {
          const auto x = static_cast<double>(out[p * features_ + f * panel + r]);
          sums[p + r] += x * x;
        }
      }
    }
    for (std::size_t r = 0; r < count; ++r) set_norm(first + r, sums[r]);
  }
  void set_norm(std::size_t i, double norm) {
    norms_[i] = norm;
    padded_norms_[i] = static_cast<Real>(norm);
  }

 private:
  const Products<Real>* maker_;
  std::size_t features_;
  memory::Buffer<Real> values_;
  std::vector<double> norms_;
  std::vector<Real> padded_norms_;
};

}  // namespace snnl::product
