#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "snnl/product/operands.hpp"

namespace snnl::product {

/// Which of so many results are looked at, by row and column: the last one, where kernels have their odd ends, and some
/// that are others at each call, so that many calls look everywhere.
struct SpotCheck {
  static constexpr std::size_t count = 4;
  struct Spot {
    std::size_t row, col;
  };
  std::array<Spot, count> spots;

  /// Of results [rows, cols], none of which is 0.
  SpotCheck(std::size_t rows, std::size_t cols);
};

/// Whether two results of `terms` products in Real differ by no more than rounding; `size` is the sum of their
/// magnitudes.
template <class Real>
bool agree(double found, double exact, std::size_t terms, double size) {
  constexpr auto epsilon = static_cast<double>(std::numeric_limits<Real>::epsilon());
  constexpr auto least = static_cast<double>(std::numeric_limits<Real>::min());
  constexpr double roundings_beside = 16;  // those of what is done with the sum
  const double roundings = static_cast<double>(terms) + roundings_beside;
  return std::abs(found - exact) <= roundings * (epsilon * size + least);
}

/// Whether distances that a maker wrote to `out` are those of the definition in a few places, within what rounding may
/// do: sums of d products in Real are off by at most d roundings of the norms.
template <class Real>
bool are_distances(const RowBlock<Real>& left, const RowBlock<Real>& right, const Real* out, std::size_t stride);

/// The same for Products::accumulate: made before it, asked after.
template <class Real>
class SumCheck {
 public:
  /// What accumulate takes, which must live on.
  SumCheck(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first, const Real* out,
           std::size_t stride);
  bool holds() const;

 private:
  const PairBlock<Real>& w_;
  bool transposed_;
  const FeatureBlock<Real>& y_;
  std::size_t first_;
  const Real* out_;
  std::size_t stride_;
  SpotCheck at_;
  std::array<double, SpotCheck::count> before_;
};

}  // namespace snnl::product
