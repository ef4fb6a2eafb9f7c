#include "snnl/neighbors/comparable_rows.hpp"

#include <algorithm>
#include <cmath>

#include "snnl/parallel/threads.hpp"
#include "snnl/points/check_finite.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl {
namespace {

constexpr std::size_t stretch = 256;

/// Half the squared length of a unit row: what a row of zeros is given under cosine, so that its distance is 1.
constexpr double half = .5;

}  // namespace

ComparableRows::ComparableRows(MatrixView<const float> queries, MatrixView<const float> training, Distance distance,
                               std::size_t threads)
    : queries_{queries, {}, {}}, training_{training, {}, {}}, distance_(distance), centre_(training.cols, 0.) {
  check_finite(queries, threads, "query row");
  check_finite(training, threads, "training row");
  bool zeros = false;
  if (distance == Distance::cosine) {
    for (Side* side : {&queries_, &training_}) {
      side->length.resize(side->x.rows);
      run_stretches(side->x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          const float* const row = side->x.row(i);
          // Squares of floats neither overflow nor vanish in double.
          side->length[i] = std::sqrt(sum_over_features(
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
    centre_ =
        sum_over_rows(training.rows, training.cols, threads, [&](std::size_t begin, std::size_t end, double* sum) {
          for (std::size_t i = begin; i < end; ++i) {
            const double by = factor(training_, i);
            const float* const row = training.row(i);
            for (std::size_t f = 0; f < training.cols; ++f) sum[f] += static_cast<double>(row[f]) * by;
          }
        });
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
      side.norm[i] = by == 0 ? half : sum_over_features(side.x.cols, [&](std::size_t f) {
        const double value = static_cast<double>(row[f]) * by - centre_[f];
        return value * value;
      });
    }
  });
}

product::RowSet<float> ComparableRows::rows(const Side& side, std::size_t first, std::size_t count,
                                            std::size_t threads) const {
  constexpr std::size_t group = product::RowSet<float>::group;
  const std::size_t features = side.x.cols;
  product::RowSet<float> set(maker_, count, features);
  run_stretches((count + group - 1) / group, stretch / group, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<float> converted(group * features);
    for (std::size_t place = begin * group; place < std::min(count, end * group); place += group) {
      const std::size_t here = std::min(group, count - place);
      for (std::size_t r = 0; r < here; ++r) {
        const std::size_t i = first + place + r;
        const double by = factor(side, i);
        const float* const row = side.x.row(i);
        for (std::size_t f = 0; f < features; ++f) {
          converted[r * features + f] = static_cast<float>(static_cast<double>(row[f]) * by - centre_[f]);
        }
      }
      set.fill(place, converted.data(), here);
      for (std::size_t r = 0; r < here; ++r) {
        if (factor(side, first + place + r) == 0) set.set_norm(place + r, half);
      }
    }
  });
  return set;
}

float ComparableRows::error_bound(std::size_t i) const {
  const auto features = static_cast<double>(training_.x.cols);
  const double run = maker_.run > 0 ? std::min(features, static_cast<double>(maker_.run)) : features;
  const double roundings = 2 * (run + features / run + 16);
  return static_cast<float>(std::ldexp(roundings, -24) * (queries_.norm[i] + largest_norm_) * (1 + 1e-6));
}

double ComparableRows::exact(std::size_t query, std::size_t sample) const {
  const float *const x = queries_.x.row(query), *const y = training_.x.row(sample);
  if (distance_ == Distance::sqeuclidean) {
    return sum_over_features(training_.x.cols, [&](std::size_t f) {
      const double difference = static_cast<double>(x[f]) - static_cast<double>(y[f]);
      return difference * difference;
    });
  }
  const double lengths = queries_.length[query] * training_.length[sample];
  if (lengths == 0) return 1;
  const double product = sum_over_features(
      training_.x.cols, [&](std::size_t f) { return static_cast<double>(x[f]) * static_cast<double>(y[f]); });
  return std::max(0., 1 - product / lengths);
}

}  // namespace snnl
