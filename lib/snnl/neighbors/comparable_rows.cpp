#include "snnl/neighbors/comparable_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl {
namespace {

constexpr std::size_t stretch = 256;

/// Half the squared length of a unit row: what a row of zeros is given under cosine, so that its distance is 1.
constexpr double half = .5;

/// sum of term(f) over the features, in eight sums, which processors add at once.
template <class Term>
double sum_of(std::size_t features, const Term& term) {
  constexpr std::size_t lanes = 8;
  double sums[lanes] = {};
  const std::size_t whole = features - features % lanes;
  for (std::size_t f = 0; f < whole; f += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += term(f + k);
  }
  for (std::size_t f = whole; f < features; ++f) sums[f - whole] += term(f);
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

float largest_magnitude(MatrixView<const float> x, std::size_t threads) {
  std::vector<float> parts((x.rows + stretch - 1) / stretch, 0.f);
  run_stretches(x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
    float largest = 0;
    for (std::size_t k = begin * x.cols; k < end * x.cols; ++k) largest = std::max(largest, std::abs(x.data[k]));
    parts[begin / stretch] = largest;
  });
  return parts.empty() ? 0.f : *std::max_element(parts.begin(), parts.end());
}

}  // namespace

void ComparableRows::check_finite(const Side& side, const char* name, std::size_t threads) {
  run_stretches(side.x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float* const row = side.x.row(i);
      float sum = 0;  // NaN where a value is NaN or infinite
      for (std::size_t f = 0; f < side.x.cols; ++f) sum += row[f] * 0.f;
      if (sum == 0) continue;
      throw Error("", std::string(name).append(" row ").append(std::to_string(i)).append(" holds NaN or Inf"));
    }
  });
}

ComparableRows::ComparableRows(MatrixView<const float> queries, MatrixView<const float> training, Distance distance,
                               std::size_t threads)
    : queries_{queries, {}, {}}, training_{training, {}, {}}, distance_(distance), centre_(training.cols, 0.) {
  check_finite(queries_, "query", threads);
  check_finite(training_, "training", threads);
  bool zeros = false;
  if (distance == Distance::cosine) {
    for (Side* side : {&queries_, &training_}) {
      side->length.resize(side->x.rows);
      run_stretches(side->x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          const float* const row = side->x.row(i);
          // Squares of floats neither overflow nor vanish in double.
          side->length[i] = std::sqrt(sum_of(
              side->x.cols, [&](std::size_t f) { return static_cast<double>(row[f]) * static_cast<double>(row[f]); }));
        }
      });
      zeros = zeros || std::count(side->length.begin(), side->length.end(), 0.) > 0;
    }
  } else {
    const float largest = std::max(largest_magnitude(queries, threads), largest_magnitude(training, threads));
    if (largest > 0) scale_ = std::ldexp(1., -std::ilogb(largest));
  }
  // A row of zeros lies at distance 1 from all others under cosine, whatever the centre: there is none then.
  if (!zeros) {
    std::vector<std::vector<double>> parts((training.rows + stretch - 1) / stretch);
    run_stretches(training.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
      std::vector<double>& sum = parts[begin / stretch];
      sum.assign(training.cols, 0.);
      for (std::size_t i = begin; i < end; ++i) {
        const double by = factor(training_, i);
        const float* const row = training.row(i);
        for (std::size_t f = 0; f < training.cols; ++f) sum[f] += static_cast<double>(row[f]) * by;
      }
    });
    for (const std::vector<double>& part : parts) {
      for (std::size_t f = 0; f < training.cols; ++f) centre_[f] += part[f];
    }
    for (double& c : centre_) c /= static_cast<double>(training.rows);
  }
  measure(queries_, threads);
  measure(training_, threads);
  largest_norm_ = *std::max_element(training_.norm.begin(), training_.norm.end());
}

double ComparableRows::factor(const Side& side, std::size_t i) const {
  if (distance_ == Distance::sqeuclidean) return scale_;
  return side.length[i] > 0 ? std::sqrt(half) / side.length[i] : 0.;
}

void ComparableRows::measure(Side& side, std::size_t threads) const {
  side.norm.resize(side.x.rows);
  run_stretches(side.x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double by = factor(side, i);
      const float* const row = side.x.row(i);
      side.norm[i] = by == 0 ? half : sum_of(side.x.cols, [&](std::size_t f) {
        const double value = static_cast<double>(row[f]) * by - centre_[f];
        return value * value;
      });
    }
  });
}

RowSet<float> ComparableRows::rows(const Side& side, std::size_t first, std::size_t count, std::size_t threads) const {
  constexpr std::size_t panel = RowSet<float>::panel;
  const std::size_t features = side.x.cols;
  RowSet<float> set(count, features);
  run_stretches(set.panels(), stretch / panel, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<float> converted(panel * features);
    for (std::size_t p = begin; p < end; ++p) {
      const std::size_t here = std::min(panel, count - p * panel);
      for (std::size_t r = 0; r < here; ++r) {
        const std::size_t i = first + p * panel + r;
        const double by = factor(side, i);
        const float* const row = side.x.row(i);
        for (std::size_t f = 0; f < features; ++f) {
          converted[r * features + f] = static_cast<float>(static_cast<double>(row[f]) * by - centre_[f]);
        }
      }
      set.fill_panel(p, converted.data(), here);
      for (std::size_t r = 0; r < here; ++r) {
        const std::size_t i = first + p * panel + r;
        if (factor(side, i) == 0) set.set_norm(p * panel + r, half);
      }
    }
  });
  return set;
}

float ComparableRows::error_bound(std::size_t i) const {
  const auto features = static_cast<double>(training_.x.cols);
  const double roundings = 2 * (std::min(features, 256.) + features / 256 + 16);
  return static_cast<float>(std::ldexp(roundings, -24) * (queries_.norm[i] + largest_norm_) * (1 + 1e-6));
}

double ComparableRows::exact(std::size_t query, std::size_t sample) const {
  const float *const x = queries_.x.row(query), *const y = training_.x.row(sample);
  if (distance_ == Distance::sqeuclidean) {
    return sum_of(training_.x.cols, [&](std::size_t f) {
      const double difference = static_cast<double>(x[f]) - static_cast<double>(y[f]);
      return difference * difference;
    });
  }
  const double lengths = queries_.length[query] * training_.length[sample];
  if (lengths == 0) return 1;
  const double product =
      sum_of(training_.x.cols, [&](std::size_t f) { return static_cast<double>(x[f]) * static_cast<double>(y[f]); });
  return std::max(0., 1 - product / lengths);
}

}  // namespace snnl
