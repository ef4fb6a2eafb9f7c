#pragma once

#include <cstddef>

namespace snnl::product {

/// Values of a cache line. Tiles and micropanels begin and end with one.
template <class Real>
inline constexpr std::size_t line = 64 / sizeof(Real);

/// `count` rounded up to whole lines.
template <class Real>
constexpr std::size_t whole_lines(std::size_t count) {
  return (count + line<Real> - 1) / line<Real> * line<Real>;
}

// Operands lie in micropanels of `panel` rows, or columns, side by side, so that whoever multiplies them reads them in
// order. With one to a panel, or all of them in one, that is row-major order: what BLAS reads.

/// Rows x_i of `features` values: feature f of row i at values[((i / panel) * features + f) * panel + i % panel];
/// row-major for panel = 1. The last micropanel is filled up by rows of zeros, and so are the norms.
template <class Real>
struct RowBlock {
  const Real* values = nullptr;
  const Real* norms = nullptr;  ///< |x_i|^2
  std::size_t rows = 0, features = 0, panel = 1;
};

/// A number w_ij for each pair of a tile: that of (i, j) at values[(j / panel * rows + i) * panel + j % panel];
/// row-major, with stride `panel`, where panel >= cols. `panel` is a multiple of a line.
template <class Real>
struct PairBlock {
  Real* values = nullptr;
  std::size_t rows = 0, cols = 0, panel = 0;
};

/// Rows y_j as the right operand of a sum over rows: feature f of row j at
/// values[(f / panel * rows + j) * panel + f % panel], filled up by zeros to whole micropanels; row-major for
/// panel = features.
template <class Real>
struct FeatureBlock {
  const Real* values = nullptr;
  std::size_t rows = 0, features = 0, panel = 0;

  /// Features, filled up.
  std::size_t width() const { return (features + panel - 1) / panel * panel; }
};

}  // namespace snnl::product
