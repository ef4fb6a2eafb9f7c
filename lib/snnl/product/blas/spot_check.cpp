#include "snnl/product/blas/spot_check.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>

namespace snnl::product {
namespace {

/// The next number of a sequence that goes all over [0, 2^64): SplitMix64.
std::uint64_t next_number() {
  constexpr std::uint64_t step = 0x9e3779b97f4a7c15U;
  static std::atomic<std::uint64_t> state{step};
  std::uint64_t z = state.fetch_add(step, std::memory_order_relaxed);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

}  // namespace

SpotCheck::SpotCheck(std::size_t rows, std::size_t cols) : spots{} {
  spots[0] = {rows - 1, cols - 1};
  for (std::size_t k = 1; k < count; ++k) {
    const std::uint64_t number = next_number();
    spots[k] = {static_cast<std::size_t>(number >> 32) % rows, static_cast<std::size_t>(number & 0xffffffffU) % cols};
  }
}

template <class Real>
bool are_distances(const RowBlock<Real>& left, const RowBlock<Real>& right, const Real* out, std::size_t stride) {
  if (left.rows == 0 || right.rows == 0) return true;
  const auto value = [](const RowBlock<Real>& block, std::size_t i, std::size_t f) {
    return static_cast<double>(block.values[(i / block.panel * block.features + f) * block.panel + i % block.panel]);
  };
  for (const auto& [i, j] : SpotCheck(left.rows, right.rows).spots) {
    double product = 0;
    for (std::size_t f = 0; f < left.features; ++f) product += value(left, i, f) * value(right, j, f);
    const double norms = static_cast<double>(left.norms[i]) + static_cast<double>(right.norms[j]);
    const double exact = std::max(0., norms - 2 * product);
    if (!agree<Real>(static_cast<double>(out[i * stride + j]), exact, left.features, norms)) return false;
  }
  return true;
}

template <class Real>
SumCheck<Real>::SumCheck(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first,
                         const Real* out, std::size_t stride)
    : w_(w),
      transposed_(transposed),
      y_(y),
      first_(first),
      out_(out),
      stride_(stride),
      at_(transposed ? w.cols : w.rows, y.features),
      before_{} {
  for (std::size_t k = 0; k < at_.spots.size(); ++k) {
    before_[k] = static_cast<double>(out[at_.spots[k].row * stride + at_.spots[k].col]);
  }
}

template <class Real>
bool SumCheck<Real>::holds() const {
  const std::size_t terms = transposed_ ? w_.rows : w_.cols;
  for (std::size_t k = 0; k < at_.spots.size(); ++k) {
    const auto& [row, f] = at_.spots[k];
    double sum = before_[k], size = std::abs(before_[k]);
    for (std::size_t t = 0; t < terms; ++t) {
      const std::size_t i = transposed_ ? t : row, j = transposed_ ? row : t;
      const auto w = static_cast<double>(w_.values[(j / w_.panel * w_.rows + i) * w_.panel + j % w_.panel]);
      const auto y = static_cast<double>(y_.values[(f / y_.panel * y_.rows + first_ + t) * y_.panel + f % y_.panel]);
      sum += w * y;
      size += std::abs(w * y);
    }
    if (!agree<Real>(static_cast<double>(out_[row * stride_ + f]), sum, terms, size)) return false;
  }
  return true;
}

template bool are_distances(const RowBlock<float>&, const RowBlock<float>&, const float*, std::size_t);
template bool are_distances(const RowBlock<double>&, const RowBlock<double>&, const double*, std::size_t);
template class SumCheck<float>;
template class SumCheck<double>;

}  // namespace snnl::product
