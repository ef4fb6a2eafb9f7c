#include "snnl/features/scales.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/points/row_sums.hpp"

namespace snnl::features {
namespace {

/// Of so many roundings of its values a feature's standard deviation has to be more, or it is constant.
constexpr double roundings_of_constant = 4;

/// [cols] the largest magnitude of each feature.
template <class Real>
std::vector<double> magnitudes(const MatrixView<const Real>& x, std::size_t threads) {
  const std::size_t stretch = engine::row_stretch(x.rows);
  std::vector<std::vector<double>> parts((x.rows + stretch - 1) / stretch);
  parallel::run_stretches(x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<double>& part = parts[begin / stretch];
    part.assign(x.cols, 0.);
    for (std::size_t i = begin; i < end; ++i) {
      const Real* const row = x.row(i);
      for (std::size_t f = 0; f < x.cols; ++f) part[f] = std::max(part[f], std::abs(static_cast<double>(row[f])));
    }
  });
  std::vector<double> out(x.cols, 0.);
  for (const std::vector<double>& part : parts) {
    for (std::size_t f = 0; f < x.cols; ++f) out[f] = std::max(out[f], part[f]);
  }
  return out;
}

/// A power of two that brings `magnitude` near 1, as far as there are such powers.
double unit_of(double magnitude) {
  constexpr int most = 1000;
  if (!(magnitude > 0)) return 1;
  return std::ldexp(1., std::clamp(-std::ilogb(magnitude), -most, most));
}

}  // namespace

template <class Real>
std::vector<FeatureScale> find_scales(const MatrixView<const Real>& x, std::size_t threads) {
  const std::size_t n = x.rows, d = x.cols;
  std::vector<FeatureScale> out(d);
  if (n == 0) return out;
  const std::vector<double> largest = magnitudes(x, threads);
  for (std::size_t f = 0; f < d; ++f) out[f].unit = unit_of(largest[f]);
  // Shifted by the first row: what is constant is zero, and no offset is left in the sums.
  std::vector<double> first(d);
  for (std::size_t f = 0; f < d; ++f) first[f] = static_cast<double>(x.row(0)[f]) * out[f].unit;
  const std::vector<double> sums =
      engine::sum_over_rows(n, d, threads, [&](std::size_t begin, std::size_t end, double* sum) {
        for (std::size_t i = begin; i < end; ++i) {
          const Real* const row = x.row(i);
          for (std::size_t f = 0; f < d; ++f) sum[f] += static_cast<double>(row[f]) * out[f].unit - first[f];
        }
      });
  for (std::size_t f = 0; f < d; ++f) out[f].mean = first[f] + sums[f] / static_cast<double>(n);
  const std::vector<double> squares =
      engine::sum_over_rows(n, d, threads, [&](std::size_t begin, std::size_t end, double* sum) {
        for (std::size_t i = begin; i < end; ++i) {
          const Real* const row = x.row(i);
          for (std::size_t f = 0; f < d; ++f) {
            const double centred = static_cast<double>(row[f]) * out[f].unit - out[f].mean;
            sum[f] += centred * centred;
          }
        }
      });
  constexpr auto rounding = static_cast<double>(std::numeric_limits<Real>::epsilon()) / 2;
  for (std::size_t f = 0; f < d; ++f) {
    const double deviation = n > 1 ? std::sqrt(squares[f] / static_cast<double>(n - 1)) : 0;
    const bool varies = deviation > roundings_of_constant * rounding * largest[f] * out[f].unit;
    out[f].gain = varies ? 1 / deviation : 0;
  }
  return out;
}

template std::vector<FeatureScale> find_scales(const MatrixView<const float>&, std::size_t);
template std::vector<FeatureScale> find_scales(const MatrixView<const double>&, std::size_t);

}  // namespace snnl::features
