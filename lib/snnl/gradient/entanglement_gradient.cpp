#include "snnl/entanglement_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/gradient/gradient_pass.hpp"
#include "snnl/gradient/soft_nearest.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"

namespace snnl {
namespace {

/// Below it a second thread costs more than it brings: products of pairs and features.
constexpr double work_of_a_thread = 8e6;

/// Rounding in float moves a distance by about 2^-24 of the norms. Measured on the hard cases of the tests, where T is
/// below the mean distance, the gradient moves by up to 8 times that over T, with the largest norm.
constexpr double float_tolerance = 1e-5;

std::size_t threads_for(std::size_t requested, std::size_t n, std::size_t d) {
  if (requested > 0) return requested;
  const double work = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(d) / work_of_a_thread;
  if (work < 2) return 1;
  return std::min(parallel::thread_count(0), static_cast<std::size_t>(work));
}

bool float_may_do(const std::vector<double>& norms, double temperature) {
  return 0x1p-24 * *std::max_element(norms.begin(), norms.end()) <= float_tolerance * temperature;
}

/// Writes the caller's gradient of the engine's row `i`; `by_row` is that of the row itself, in the engine's units.
template <class Input>
void write_row(const engine::Points& points, Distance distance, MatrixView<const Input> x, std::size_t i,
               std::vector<double>& by_row, Input* gradient) {
  const std::size_t row = points.order()[i], d = x.cols;
  Input* const out = gradient + row * d;
  const double factor = points.factor(i);
  if (distance == Distance::cosine && factor > 0) {
    // Only what changes the direction of the row changes its distances: the rest is taken out.
    const Input* const direction = x.row(row);
    double along = 0, square = 0;
    for (std::size_t f = 0; f < d; ++f) {
      const double u = static_cast<double>(direction[f]) * factor;
      along += u * by_row[f];
      square += u * u;
    }
    for (std::size_t f = 0; f < d; ++f) by_row[f] -= along / square * static_cast<double>(direction[f]) * factor;
  }
  for (std::size_t f = 0; f < d; ++f) out[f] = static_cast<Input>(by_row[f] * factor);
}

template <class Real, class Input>
void differentiate(engine::Tiles<Real>& tiles, Distance distance, MatrixView<const Input> x, double temperature,
                   Input* gradient, LossDerivative& result) {
  const engine::Points& points = tiles.points();
  const std::vector<engine::Nearest> nearest = engine::soft_nearest(tiles, temperature);
  const engine::GradientSums<Real> sums = engine::gradient_pass(tiles, temperature, nearest);
  const auto scored = static_cast<double>(result.scored);
  double total = 0;
  for (const auto& [same, other] : nearest) {
    if (std::isfinite(same) && std::isfinite(other)) total += engine::softplus((same - other) / temperature);
  }
  result.value = total / scored;
  result.by_log_temperature = sums.moment / temperature / scored;
  const double by = -2 / temperature / scored;
  parallel::run_stretches(points.size(), 64, tiles.threads(), [&](std::size_t begin, std::size_t end) {
    std::vector<Real> row(points.features());
    std::vector<double> by_row(points.features());
    for (std::size_t i = begin; i < end; ++i) {
      points.copy_row(i, row.data());
      const Real* const products = sums.products.data() + i * sums.stride;
      for (std::size_t f = 0; f < row.size(); ++f) {
        by_row[f] = by * (sums.row_sums[i] * static_cast<double>(row[f]) - static_cast<double>(products[f]));
      }
      write_row(points, distance, x, i, by_row, gradient);
    }
  });
}

template <class Input>
LossDerivative gradient_of(MatrixView<const Input> x, std::span<const std::int64_t> labels, double temperature,
                           Input* gradient, const GradientOptions& options) {
  const std::size_t n = x.rows;
  if (!(temperature > 0 && std::isfinite(temperature))) throw Error("temperature", "must be a positive number");
  if (labels.size() != n) {
    throw Error("", std::to_string(n) + " samples, but " + std::to_string(labels.size()) + " labels");
  }
  if (x.cols == 0) throw Error("", "no features");
  const std::size_t threads = threads_for(options.threads, n, x.cols);
  engine::PreparedSamples samples(x, options.distance, threads);
  const engine::NumberedClasses classes = engine::number_classes(labels);
  LossDerivative result;
  result.scored = engine::count_scored(classes.counts);
  std::fill_n(gradient, n * x.cols, Input(0));
  if (result.scored == 0 || classes.labels.size() < 2) return result;
  try {
    const engine::Points points(std::move(samples), classes.numbers, classes.labels.size(), threads);
    const engine::Queries queries(points);
    const double t = temperature / points.unit();
    if (options.precision != Precision::twice) {
      engine::Tiles<float> tiles(points, queries, threads, product::products<float>());
      if (options.precision == Precision::single || float_may_do(tiles.norms(), t)) {
        differentiate(tiles, options.distance, x, t, gradient, result);
        return result;
      }
    }
    result.used_double = true;
    engine::Tiles<double> tiles(points, queries, threads, product::products<double>());
    differentiate(tiles, options.distance, x, t, gradient, result);
  } catch (const engine::EqualSamplesError&) {
    result.value = engine::chance_level(classes.counts, n, result.scored);
  }
  return result;
}

}  // namespace

LossDerivative entanglement_gradient(MatrixView<const float> activations, std::span<const std::int64_t> labels,
                                     double temperature, float* gradient, const GradientOptions& options) {
  return gradient_of(activations, labels, temperature, gradient, options);
}

LossDerivative entanglement_gradient(MatrixView<const double> activations, std::span<const std::int64_t> labels,
                                     double temperature, double* gradient, const GradientOptions& options) {
  return gradient_of(activations, labels, temperature, gradient, options);
}

}  // namespace snnl
