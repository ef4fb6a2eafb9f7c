#include "snnl/neighbors/comparable_rows.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl::engine {
namespace {

constexpr std::size_t stretch = 256;

std::vector<double> mean_row(const PreparedSamples& samples, std::size_t threads) {
  const std::size_t d = samples.features();
  std::vector<double> mean;
  samples.with_rows([&](const auto& copy) {
    mean = sum_over_rows(samples.size(), d, threads, [&](std::size_t begin, std::size_t end, double* sum) {
      std::vector<double> row(d);
      for (std::size_t i = begin; i < end; ++i) {
        copy(i, row.data());
        for (std::size_t f = 0; f < d; ++f) sum[f] += row[f];
      }
    });
  });
  for (double& value : mean) value /= static_cast<double>(samples.size());
  return mean;
}

/// [samples.size()] squared lengths.
std::vector<double> norms(const PreparedSamples& samples, std::size_t threads) {
  std::vector<double> out(samples.size());
  samples.with_rows([&](const auto& copy) {
    parallel::run_stretches(samples.size(), stretch, threads, [&](std::size_t begin, std::size_t end) {
      std::vector<double> row(samples.features());
      for (std::size_t i = begin; i < end; ++i) {
        copy(i, row.data());
        out[i] =
            samples.is_zero(i) ? .5 : sum_over_features(row.size(), [&](std::size_t f) { return row[f] * row[f]; });
      }
    });
  });
  return out;
}

double scalar_product(const float* x, const float* y, std::size_t features) {
  // Squares of floats neither overflow nor vanish in double.
  return sum_over_features(features,
                           [&](std::size_t f) { return static_cast<double>(x[f]) * static_cast<double>(y[f]); });
}

}  // namespace

ComparableRows::ComparableRows(MatrixView<const float> queries, MatrixView<const float> training, Distance distance,
                               std::size_t threads)
    : query_values_(queries),
      training_values_(training),
      queries_(queries, distance, threads, "query row"),
      training_(training, distance, threads, "training row") {
  PreparedSamples::share_scale(queries_, training_);
  // A row of zeros lies at distance 1 from all others under cosine, whatever the centre: there is none then.
  if (!queries_.any_zero() && !training_.any_zero()) {
    const std::vector<double> centre = mean_row(training_, threads);
    queries_.set_centre(centre);
    training_.set_centre(centre);
  }
  query_norms_ = norms(queries_, threads);
  const std::vector<double> training_norms = norms(training_, threads);
  largest_norm_ = *std::max_element(training_norms.begin(), training_norms.end());
}

float ComparableRows::error_bound(std::size_t i) const {
  const auto features = static_cast<double>(training_.features());
  const double run = maker_.run > 0 ? std::min(features, static_cast<double>(maker_.run)) : features;
  const double roundings = 2 * (run + features / run + 16);
  return static_cast<float>(std::ldexp(roundings, -24) * (query_norms_[i] + largest_norm_) * (1 + 1e-6));
}

double ComparableRows::exact(std::size_t query, std::size_t sample) const {
  const std::size_t d = training_.features();
  const float *const x = query_values_.row(query), *const y = training_values_.row(sample);
  switch (training_.distance()) {
    case Distance::sqeuclidean:
      return sum_over_features(d, [&](std::size_t f) {
        const double difference = static_cast<double>(x[f]) - static_cast<double>(y[f]);
        return difference * difference;
      });
    case Distance::cosine: {
      const double lengths = std::sqrt(scalar_product(x, x, d)) * std::sqrt(scalar_product(y, y, d));
      return lengths > 0 ? std::max(0., 1 - scalar_product(x, y, d) / lengths) : 1;
    }
  }
  throw std::logic_error("a distance without a definition");
}

}  // namespace snnl::engine
