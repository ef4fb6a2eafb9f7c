#include "snnl/points/points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl {
namespace {

/// 2^floor(log2 x), for finite x > 0.
double power_of_two_below(double x) { return std::ldexp(1., std::ilogb(x)); }

template <class T>
double row_norm(const T* row, std::size_t d) {
  double largest = 0;
  for (std::size_t f = 0; f < d; ++f) largest = std::max(largest, std::abs(static_cast<double>(row[f])));
  if (largest == 0) return 0;
  double sum = 0;
  for (std::size_t f = 0; f < d; ++f) sum += std::pow(static_cast<double>(row[f]) / largest, 2);
  return largest * std::sqrt(sum);
}

}  // namespace

Points::Points(const SampleMatrix& samples, const std::vector<std::int32_t>& labels, std::size_t classes,
               Distance distance, std::size_t threads)
    : samples_(samples), labels_(labels), threads_(threads) {
  std::size_t n = 0;
  std::visit([&](const auto& x) { n = x.rows, features_ = x.cols; }, samples);
  if (labels.size() != n) {
    throw Error("", std::to_string(n) + " samples, but " + std::to_string(labels.size()) + " labels");
  }
  if (n < 2) throw Error("", "fewer than two samples: there are no neighbours");
  if (features_ == 0) throw Error("", "no features");
  sort_by_class(classes);
  check_not_constant(distance);
  measure_row_scales(distance);
  centre();
  measure_mean_distance();
}

void Points::sort_by_class(std::size_t classes) {
  class_begin_.assign(classes + 1, 0);
  for (const std::int32_t label : labels_) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) throw Error("", "a label is outside the classes");
    ++class_begin_[static_cast<std::size_t>(label) + 1];
  }
  std::partial_sum(class_begin_.begin(), class_begin_.end(), class_begin_.begin());
  order_.resize(labels_.size());
  std::vector<std::size_t> next(class_begin_.begin(), class_begin_.end() - 1);
  for (std::size_t i = 0; i < labels_.size(); ++i) order_[next[static_cast<std::size_t>(labels_[i])]++] = i;
}

void Points::check_not_constant(Distance distance) const {
  if (distance != Distance::sqeuclidean) return;  // parallel rows differ in the last bit: told by the mean distance
  const bool constant = std::visit(
      [](const auto& x) {
        for (std::size_t i = 1; i < x.rows; ++i) {
          if (!std::equal(x.row(i), x.row(i) + x.cols, x.row(0))) return false;
        }
        return true;
      },
      samples_);
  if (constant) throw EqualSamplesError();
}

void Points::measure_row_scales(Distance distance) {
  std::visit(
      [&](const auto& x) {
        if (distance == Distance::sqeuclidean) {
          // Keeps squares of the largest and of the smallest values inside the range of double.
          row_scale_ = {1 / power_of_two_below(static_cast<double>(largest_magnitude(x, threads_)))};
          unit_ = 1 / (row_scale_[0] * row_scale_[0]);
          return;
        }
        row_scale_.resize(x.rows);
        run_stretches(x.rows, row_stretch(x.rows), threads_, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) {
            const double norm = row_norm(x.row(order_[i]), x.cols);
            row_scale_[i] = norm > 0 ? std::sqrt(.5) / norm : 0;
          }
        });
      },
      samples_);
}

void Points::centre() {
  centre_.assign(features_, 0.);
  // A row of zeros lies at distance 1 from all others under cosine, whatever the centre: there is none then.
  if (row_scale_.size() > 1 && std::count(row_scale_.begin(), row_scale_.end(), 0.) > 0) return;
  const auto n = static_cast<double>(size());
  std::vector<double> first(features_);
  copy_row(0, first.data());
  const std::vector<double> sums =
      sum_over_rows(size(), 2 * features_, threads_, [&](std::size_t begin, std::size_t end, double* out) {
        std::vector<double> row(features_);
        double* const sum = out;
        double* const squares = out + features_;
        for (std::size_t i = begin; i < end; ++i) {
          copy_row(i, row.data());
          for (std::size_t f = 0; f < features_; ++f) {
            const double shifted = row[f] - first[f];
            sum[f] += shifted;
            squares[f] += shifted * shifted;
          }
        }
      });
  for (std::size_t f = 0; f < features_; ++f) {
    const double mean = sums[f] / n;
    const double variance = sums[features_ + f] / n - mean * mean;
    const double exact = first[f] + mean;
    const double grid = variance > 0 ? power_of_two_below(std::sqrt(variance)) / 256 : 0;
    centre_[f] = grid > 0 && std::isfinite(exact / grid) ? std::round(exact / grid) * grid : exact;
  }
}

void Points::measure_mean_distance() {
  // sum over i != j of (a_i + a_j - 2 <x_i, x_j>) = 2 (n - 1) sum a - 2 (|sum x|^2 - sum |x|^2)
  const auto n = static_cast<double>(size());
  // The sums of the features, and after them those of the squares and of the norms.
  const std::vector<double> sums =
      sum_over_rows(size(), features_ + 2, threads_, [&](std::size_t begin, std::size_t end, double* out) {
        std::vector<double> row(features_);
        for (std::size_t i = begin; i < end; ++i) {
          copy_row(i, row.data());
          for (std::size_t f = 0; f < features_; ++f) out[f] += row[f];
          const double square = sum_over_features(features_, [&](std::size_t f) { return row[f] * row[f]; });
          out[features_] += square;
          out[features_ + 1] += row_scale_.size() > 1 && row_scale_[i] == 0 ? .5 : square;
        }
      });
  const double squares = sums[features_], norms = sums[features_ + 1];
  double of_sum = 0;
  for (std::size_t f = 0; f < features_; ++f) of_sum += sums[f] * sums[f];
  const double mean = (2 * (n - 1) * norms - 2 * (of_sum - squares)) / (n * (n - 1));
  // Parallel rows made unit rows differ in their last bit, by about 1e-32 squared.
  const double least = row_scale_.size() > 1 ? 1e-28 : 0;
  if (!(mean > least)) throw EqualSamplesError();
  const double scale = std::ldexp(1., -std::ilogb(mean) / 2);
  scale_ = scale;
  for (double& c : centre_) c *= scale;
  unit_ /= scale * scale;
  mean_distance_ = mean * scale * scale;
  mean_norm_ = norms / n * scale * scale;
  mean_length_ = std::sqrt(of_sum) / n * scale;
  if (!std::isfinite(unit_ * mean_distance_)) {
    throw Error("", "the values are so large that their squared distances overflow; rescale them");
  }
  // Temperatures down to 2^-40 of the mean are wanted, all of them normal numbers.
  if (unit_ * mean_distance_ < std::ldexp(std::numeric_limits<double>::min(), 50)) {
    throw Error("", "the values are so small that their squared distances underflow; rescale them");
  }
}

void Points::extended_distances(std::size_t i, long double* out) const {
  const bool unit_rows = row_scale_.size() > 1;
  std::visit(
      [&](const auto& x) {
        const auto factor_of = [&](std::size_t k) -> long double {
          if (!unit_rows) return static_cast<long double>(row_scale_[0]) * static_cast<long double>(scale_);
          const auto* row = x.row(order_[k]);
          // The double factor keeps the squares inside the range.
          const auto by = static_cast<long double>(row_scale_[k]);
          long double norm = 0;
          for (std::size_t f = 0; f < features_; ++f) {
            norm += static_cast<long double>(row[f]) * by * (static_cast<long double>(row[f]) * by);
          }
          return norm > 0 ? by * static_cast<long double>(scale_) * std::sqrt(0.5L / norm) : 0;
        };
        const auto is_zero = [&](std::size_t k) { return unit_rows && row_scale_[k] == 0; };
        const auto* own = x.row(order_[i]);
        const long double own_factor = factor_of(i);
        std::vector<long double> values(features_);
        for (std::size_t f = 0; f < features_; ++f) values[f] = static_cast<long double>(own[f]) * own_factor;
        for (std::size_t j = 0; j < size(); ++j) {
          long double sum = 0;
          if (is_zero(i) || is_zero(j)) {
            sum = static_cast<long double>(scale_) * static_cast<long double>(scale_);
          } else {
            const auto* row = x.row(order_[j]);
            const long double factor = factor_of(j);
            for (std::size_t f = 0; f < features_; ++f) {
              const long double difference = values[f] - static_cast<long double>(row[f]) * factor;
              sum += difference * difference;
            }
          }
          out[j] = sum;
        }
      },
      samples_);
}

double Points::most_mean_distance(double norm) const {
  constexpr double rounding = 1e-6;
  return (norm + mean_norm_ + 2 * std::sqrt(norm) * mean_length_) * (1 + rounding);
}

template <class Real>
void Points::copy_row(std::size_t i, Real* out) const {
  const double by = factor(i);
  std::visit(
      [&](const auto& x) {
        const auto* row = x.row(order_[i]);
        for (std::size_t f = 0; f < features_; ++f) {
          out[f] = static_cast<Real>(static_cast<double>(row[f]) * by - centre_[f]);
        }
      },
      samples_);
}

template <class Real, class Index>
product::RowSet<Real> Points::gather(const product::Products<Real>& maker, std::size_t count, std::size_t threads,
                                     const Index& index) const {
  constexpr std::size_t group = product::RowSet<Real>::group;
  product::RowSet<Real> set(maker, count, features_);
  run_stretches((count + group - 1) / group, row_stretch(count) / group, threads,
                [&](std::size_t begin, std::size_t end) {
                  std::vector<Real> rows(group * features_);
                  for (std::size_t first = begin * group; first < std::min(count, end * group); first += group) {
                    const std::size_t here = std::min(group, count - first);
                    for (std::size_t r = 0; r < here; ++r) copy_row(index(first + r), rows.data() + r * features_);
                    set.fill(first, rows.data(), here);
                    for (std::size_t r = 0; r < here && row_scale_.size() > 1; ++r) {
                      if (row_scale_[index(first + r)] == 0) set.set_norm(first + r, .5 * scale_ * scale_);
                    }
                  }
                });
  return set;
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker, std::size_t first, std::size_t count,
                                   std::size_t threads) const {
  return gather(maker, count, threads, [first](std::size_t k) { return first + k; });
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker) const {
  return rows(maker, 0, size(), threads_);
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker,
                                   const std::vector<std::size_t>& indices) const {
  return gather(maker, indices.size(), 1, [&indices](std::size_t k) { return indices[k]; });
}

#define SNNL_INSTANTIATE(Real)                                                                                       \
  template void Points::copy_row(std::size_t, Real*) const;                                                          \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&) const;                                 \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&, std::size_t, std::size_t, std::size_t) \
      const;                                                                                                         \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&, const std::vector<std::size_t>&) const;
SNNL_INSTANTIATE(float)
SNNL_INSTANTIATE(double)
#undef SNNL_INSTANTIATE

}  // namespace snnl
