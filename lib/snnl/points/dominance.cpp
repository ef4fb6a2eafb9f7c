#include "snnl/dominance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "snnl/points/row_sums.hpp"

namespace snnl {
namespace {

constexpr double dominating = .99;

/// What row `i` is multiplied by.
template <class Real>
std::vector<double> factors_of(const MatrixView<const Real>& x, Distance distance, std::size_t threads) {
  std::vector<double> factors;
  if (distance == Distance::sqeuclidean) return factors;
  factors.resize(x.rows);
  parallel::run_stretches(x.rows, engine::row_stretch(x.rows), threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Real* const row = x.row(i);
      const double squares = engine::sum_over_features(x.cols, [row](std::size_t f) {
        const auto value = static_cast<double>(row[f]);
        return value * value;
      });
      factors[i] = squares > 0 ? 1 / std::sqrt(squares) : 0;
    }
  });
  return factors;
}

/// Of the squared distances of samples to their mean.
struct Squares {
  std::vector<double> by_feature, by_sample;
  std::size_t constant_features = 0;
};

template <class Real>
Squares squares_of(const MatrixView<const Real>& x, Distance distance, std::size_t threads) {
  const std::size_t d = x.cols;
  const std::vector<double> factors = factors_of(x, distance, threads);
  const auto factor = [&](std::size_t i) { return factors.empty() ? 1. : factors[i]; };
  // Shifted by the first row: what is constant is zero, and no offset is left in the sums.
  std::vector<double> first(d);
  for (std::size_t f = 0; f < d; ++f) first[f] = factor(0) * static_cast<double>(x.row(0)[f]);
  const std::vector<double> sums =
      engine::sum_over_rows(x.rows, d, threads, [&](std::size_t begin, std::size_t end, double* out) {
        for (std::size_t i = begin; i < end; ++i) {
          const Real* const row = x.row(i);
          const double scale = factor(i);
          for (std::size_t f = 0; f < d; ++f) out[f] += scale * static_cast<double>(row[f]) - first[f];
        }
      });
  Squares squares;
  std::vector<double> mean(d);
  for (std::size_t f = 0; f < d; ++f) mean[f] = first[f] + sums[f] / static_cast<double>(x.rows);
  squares.by_sample.resize(x.rows);
  squares.by_feature = engine::sum_over_rows(x.rows, d, threads, [&](std::size_t begin, std::size_t end, double* out) {
    std::vector<double> terms(d);
    for (std::size_t i = begin; i < end; ++i) {
      const Real* const row = x.row(i);
      const double scale = factor(i);
      for (std::size_t f = 0; f < d; ++f) {
        const double centred = scale * static_cast<double>(row[f]) - mean[f];
        terms[f] = centred * centred;
        out[f] += terms[f];
      }
      squares.by_sample[i] = engine::sum_over_features(d, [&terms](std::size_t f) { return terms[f]; });
    }
  });
  squares.constant_features =
      static_cast<std::size_t>(std::count(squares.by_feature.begin(), squares.by_feature.end(), 0.));
  return squares;
}

/// The fewest whose shares exceed 99 % of the most that so many can have; none where they would be more than `most`.
template <class Reach>
std::vector<Share> dominating_among(const std::vector<double>& parts, std::size_t most, const Reach& reach) {
  const double all = std::accumulate(parts.begin(), parts.end(), 0.);
  if (!std::isfinite(all) || !(all > 0)) return {};
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(most, parts.size()));
  std::partial_sort(order.begin(), end, order.end(),
                    [&](std::size_t a, std::size_t b) { return parts[a] != parts[b] ? parts[a] > parts[b] : a < b; });
  std::vector<Share> found;
  double sum = 0;
  for (auto place = order.begin(); place != end; ++place) {
    found.push_back({*place, parts[*place] / all});
    sum += found.back().share;
    if (sum > dominating * reach(found.size())) return found;
  }
  return {};
}

}  // namespace

Dominance find_dominance(const SampleMatrix& samples, Distance distance, std::size_t threads) {
  return std::visit(
      [&](const auto& x) {
        Dominance out;
        if (x.rows < 2 || x.cols == 0) return out;
        const Squares squares = squares_of(x, distance, threads);
        out.constant_features = squares.constant_features;
        const std::size_t varying = x.cols - squares.constant_features;
        out.features =
            dominating_among(squares.by_feature, std::min<std::size_t>(3, varying / 4), [](std::size_t) { return 1.; });
        const auto n = static_cast<double>(x.rows);
        out.samples = dominating_among(squares.by_sample, std::min<std::size_t>(5, x.rows / 20),
                                       [n](std::size_t k) { return 1 - static_cast<double>(k) / n; });
        return out;
      },
      samples);
}

}  // namespace snnl
