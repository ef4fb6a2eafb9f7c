#pragma once

#include <cstddef>
#include <vector>

#include "snnl/kernels/kernel_table.hpp"
#include "snnl/memory/buffer.hpp"

namespace snnl {

/// Rows ready for distance tiles: d(i, j) = norms[i] + norms[j] - 2 <x_i, x_j>, in units of Points::unit().
///
/// The values lie in panels of `panel_rows<Real>` rows, one cache line for each feature: [panels, features,
/// panel_rows]. Both sides of a product read them in this order, so that tiles copy nothing. The last panel is filled
/// up by rows of zeros.
template <class Real>
class RowSet {
 public:
  static constexpr std::size_t panel = panel_rows<Real>;

  RowSet(std::size_t rows, std::size_t features)
      : features_(features),
        values_(panels_of(rows) * panel * features),
        norms_(rows),
        padded_norms_(panels_of(rows) * panel) {}

  std::size_t rows() const { return norms_.size(); }
  std::size_t features() const { return features_; }
  std::size_t panels() const { return panels_of(rows()); }
  /// [rows] squared norms of the rows as rounded to Real, in double.
  const std::vector<double>& norms() const { return norms_; }
  /// Feature `f` of row `i`.
  Real value(std::size_t i, std::size_t f) const {
    return values_.data()[(i / panel * features_ + f) * panel + i % panel];
  }
  /// Rows [first, first + count); `first` is the first of a panel.
  PanelView<Real> view(std::size_t first, std::size_t count) const {
    return {values_.data() + first * features_, padded_norms_.data() + first, count};
  }

  /// Takes `rows`, [count, features] row-major, as the panel `p`, and their norms; count is panel_rows, or what is left
  /// for the last panel. Several threads may fill panels of their own.
  void fill_panel(std::size_t p, const Real* rows, std::size_t count) {
    Real* const out = values_.data() + p * panel * features_;
    for (std::size_t f = 0; f < features_; ++f) {
      for (std::size_t r = 0; r < panel; ++r) out[f * panel + r] = r < count ? rows[r * features_ + f] : Real(0);
    }
    double sums[panel] = {};
    for (std::size_t f = 0; f < features_; ++f) {
      for (std::size_t r = 0; r < panel; ++r) {
        const auto x = static_cast<double>(out[f * panel + r]);
        sums[r] += x * x;
      }
    }
    for (std::size_t r = 0; r < count; ++r) set_norm(p * panel + r, sums[r]);
  }
  void set_norm(std::size_t i, double norm) {
    norms_[i] = norm;
    padded_norms_[i] = static_cast<Real>(norm);
  }

 private:
  static std::size_t panels_of(std::size_t rows) { return (rows + panel - 1) / panel; }

  std::size_t features_;
  Buffer<Real> values_;
  std::vector<double> norms_;
  std::vector<Real> padded_norms_;  // of whole panels
};

}  // namespace snnl
