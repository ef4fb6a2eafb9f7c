#include "snnl/features/whitening.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/features/scales.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/product/dense.hpp"
#include "snnl/product/products.hpp"

namespace snnl::features {
namespace {

constexpr auto rounding = std::numeric_limits<double>::epsilon();

/// Columns of the covariance that one task makes.
constexpr std::size_t strip = 128;

/// The lower triangle of the correlations [d, d], and some of what is above it.
template <class Real>
memory::Buffer<double> correlations(const MatrixView<const Real>& x, const std::vector<FeatureScale>& scales,
                                    std::size_t threads) {
  const std::size_t d = x.cols;
  memory::Buffer<double> out(d * d), block(std::min(rows_at_once, x.rows) * d);
  std::fill_n(out.data(), d * d, 0.);
  for (std::size_t first = 0; first < x.rows; first += rows_at_once) {
    const std::size_t rows = std::min(rows_at_once, x.rows - first);
    parallel::run_stretches(rows, (rows + threads - 1) / threads, threads, [&](std::size_t begin, std::size_t end) {
      scale_rows(scales, x, first + begin, end - begin, block.data() + begin * d);
    });
    parallel::run_stretches(d, strip, threads, [&](std::size_t begin, std::size_t end) {
      product::multiply({block.data() + begin, rows, d - begin, d}, true, {block.data() + begin, rows, end - begin, d},
                        false, 1, {out.data() + begin * d + begin, d - begin, end - begin, d});
    });
  }
  double* const c = out.data();
  const double scale = 1 / static_cast<double>(x.rows - 1);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) c[j * d + i] = c[i * d + j] *= scale;
  }
  return out;
}

/// Whether the samples have mean 0 and variance 1 along some of the axes, and are uncorrelated there: that no step to
/// them went wrong. `errors` [outputs] is how far rounding may take a variance.
template <class Real>
bool are_white(const MatrixView<const Real>& x, const FeatureTransform& t, const std::vector<double>& errors) {
  const std::size_t d = x.cols, last = t.outputs - 1, places[] = {0, last / 3, last / 2, last};
  constexpr std::size_t count = std::size(places);
  double sums[count][count] = {}, means[count] = {};
  std::vector<double> row(d);
  for (std::size_t i = 0; i < x.rows; ++i) {
    scale_rows(t.scales, x, i, 1, row.data());
    double along[count] = {};
    for (std::size_t f = 0; f < d; ++f) {
      for (std::size_t k = 0; k < count; ++k) along[k] += row[f] * t.axes[f * t.outputs + places[k]];
    }
    for (std::size_t k = 0; k < count; ++k) {
      means[k] += along[k];
      for (std::size_t l = 0; l <= k; ++l) sums[k][l] += along[k] * along[l];
    }
  }
  const auto n = static_cast<double>(x.rows);
  for (std::size_t k = 0; k < count; ++k) {
    const double error = errors[places[k]];
    if (!(std::abs(means[k] / n) <= error)) return false;
    for (std::size_t l = 0; l <= k; ++l) {
      const double expected = places[k] == places[l] ? 1 : 0;
      if (!(std::abs(sums[k][l] / (n - 1) - expected) <= std::max(error, errors[places[l]]))) return false;
    }
  }
  return true;
}

}  // namespace

template <class Real>
void find_axes(const MatrixView<const Real>& x, std::size_t threads, FeatureTransform& t) {
  const std::size_t n = x.rows, d = x.cols;
  const std::string features = std::to_string(d) + " features";
  if (d > most_whitened) {
    throw Error("", "has " + features + ", more than the " + std::to_string(most_whitened) + " that can be whitened",
                "pool them first");
  }
  if (n < 2 || t.constant == d) throw Error("", "none of " + features + " varies: there is nothing to whiten");
  const product::OneThread one;
  product::require_dense("whitening");
  memory::Buffer<double> matrix = correlations(x, t.scales, threads);
  const std::vector<double> variances = product::eigenvectors(matrix.data(), d);
  const auto most = static_cast<double>(std::max(n, d));
  constexpr auto stored = static_cast<double>(std::numeric_limits<Real>::epsilon());
  constexpr double far_from_rounding = 1000;
  const double least = variances.back() * std::max(most * stored * most * stored, far_from_rounding * most * rounding);
  const auto kept = std::upper_bound(variances.begin(), variances.end(), least);
  t.outputs = static_cast<std::size_t>(variances.end() - kept);
  t.dropped = d - t.constant - t.outputs;
  if (t.outputs + 1 >= n) {
    throw Error("",
                std::to_string(n) + " samples vary along " + std::to_string(t.outputs) +
                    " components: whitened, all their distances are equal",
                "take more samples, or pool the features first");
  }
  // A mean far from 0 is rounded by as much, in units of the deviation.
  double offset = 0;
  for (const FeatureScale& s : t.scales) offset = std::max(offset, std::abs(s.mean) * s.gain);
  // The largest variance first.
  t.axes.resize(d * t.outputs);
  std::vector<double> errors(t.outputs);
  for (std::size_t k = 0; k < t.outputs; ++k) {
    const double variance = variances[d - 1 - k], scale = 1 / std::sqrt(variance);
    const double* const vector = matrix.data() + (d - 1 - k) * d;
    for (std::size_t f = 0; f < d; ++f) t.axes[f * t.outputs + k] = vector[f] * scale;
    constexpr double roundings = 20, at_least = 1e-9;
    errors[k] =
        at_least + roundings * rounding * (most * variances.back() + offset * static_cast<double>(d)) / variance;
  }
  if (!are_white(x, t, errors)) throw Error("", "LAPACK is wrong on this processor: features cannot be whitened");
}

std::size_t memory_of(std::size_t samples, std::size_t features, std::size_t element_bytes, std::size_t threads,
                      const FeatureOptions& options) {
  if (!options.any()) return 0;
  const std::size_t changed = samples * features * element_bytes;
  if (options.whiten == Whiten::none) return changed + 64 * features * (sizeof(double) + 1);
  const std::size_t square = std::min(features, most_whitened) * std::min(features, most_whitened) * sizeof(double);
  const std::size_t blocks = 2 * threads * rows_at_once * features * sizeof(double);
  constexpr std::size_t squares = 4;  // the covariance and what LAPACK works in; later that and the axes
  return std::max(squares * square, changed + square) + blocks;
}

template void find_axes(const MatrixView<const float>&, std::size_t, FeatureTransform&);
template void find_axes(const MatrixView<const double>&, std::size_t, FeatureTransform&);

}  // namespace snnl::features
