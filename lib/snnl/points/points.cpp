#include "snnl/points/points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl::engine {
namespace {

/// 2^floor(log2 x), for finite x > 0.
double power_of_two_below(double x) { return std::ldexp(1., std::ilogb(x)); }

}  // namespace

Points::Points(PreparedSamples samples, const std::vector<std::int32_t>& labels, std::size_t classes,
               std::size_t threads)
    : samples_(std::move(samples)), labels_(labels), threads_(threads) {
  const std::size_t n = samples_.size();
  if (labels.size() != n) {
    throw Error("", std::to_string(n) + " samples, but " + std::to_string(labels.size()) + " labels");
  }
  if (n < 2) throw Error("", "fewer than two samples: there are no neighbours");
  if (features() == 0) throw Error("", "no features");
  sort_by_class(classes);
  check_not_constant();
  // A distance of the prepared rows times this is one of the caller.
  if (samples_.has_one_factor()) unit_ = 1 / (factor(0) * factor(0));
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

void Points::sort_by_norm(const std::vector<double>& norms) {
  for (std::size_t c = 0; c < classes(); ++c) {
    std::stable_sort(order_.begin() + static_cast<std::ptrdiff_t>(class_begin_[c]),
                     order_.begin() + static_cast<std::ptrdiff_t>(class_begin_[c + 1]),
                     [&](std::size_t a, std::size_t b) { return norms[a] < norms[b]; });
  }
}

void Points::check_not_constant() const {
  if (!samples_.has_one_factor()) return;  // parallel rows differ in the last bit: told by the mean distance
  const bool constant = std::visit(
      [](const auto& x) {
        for (std::size_t i = 1; i < x.rows; ++i) {
          if (!std::equal(x.row(i), x.row(i) + x.cols, x.row(0))) return false;
        }
        return true;
      },
      samples_.samples());
  if (constant) throw EqualSamplesError();
}

void Points::centre() {
  // A row of zeros lies at distance 1 from all others under cosine, whatever the centre: there is none then.
  if (samples_.any_zero()) return;
  const auto n = static_cast<double>(size());
  const std::size_t d = features();
  std::vector<double> first(d), sums, centre(d);
  copy_row(0, first.data());
  samples_.with_rows([&](const auto& copy) {
    sums = sum_over_rows(size(), 2 * d, threads_, [&](std::size_t begin, std::size_t end, double* out) {
      std::vector<double> row(d);
      double* const sum = out;
      double* const squares = out + d;
      for (std::size_t i = begin; i < end; ++i) {
        copy(order_[i], row.data());
        for (std::size_t f = 0; f < d; ++f) {
          const double shifted = row[f] - first[f];
          sum[f] += shifted;
          squares[f] += shifted * shifted;
        }
      }
    });
  });
  for (std::size_t f = 0; f < d; ++f) {
    const double mean = sums[f] / n;
    const double variance = sums[d + f] / n - mean * mean;
    const double exact = first[f] + mean;
    const double grid = variance > 0 ? power_of_two_below(std::sqrt(variance)) / 256 : 0;
    centre[f] = grid > 0 && std::isfinite(exact / grid) ? std::round(exact / grid) * grid : exact;
  }
  samples_.set_centre(std::move(centre));
}

void Points::measure_mean_distance() {
  // sum over i != j of (a_i + a_j - 2 <x_i, x_j>) = 2 (n - 1) sum a - 2 (|sum x|^2 - sum |x|^2)
  const auto n = static_cast<double>(size());
  // The sums of the features, and after them those of the squares and of the norms.
  const std::size_t d = features();
  std::vector<double> sums, of_rows(size());
  samples_.with_rows([&](const auto& copy) {
    sums = sum_over_rows(size(), d + 2, threads_, [&](std::size_t begin, std::size_t end, double* out) {
      std::vector<double> row(d);
      for (std::size_t i = begin; i < end; ++i) {
        copy(order_[i], row.data());
        for (std::size_t f = 0; f < d; ++f) out[f] += row[f];
        const double square = sum_over_features(d, [&](std::size_t f) { return row[f] * row[f]; });
        of_rows[order_[i]] = square;
        out[d] += square;
        out[d + 1] += samples_.is_zero(order_[i]) ? .5 : square;
      }
    });
  });
  sort_by_norm(of_rows);
  const double squares = sums[d], norms = sums[d + 1];
  double of_sum = 0;
  for (std::size_t f = 0; f < d; ++f) of_sum += sums[f] * sums[f];
  const double mean = (2 * (n - 1) * norms - 2 * (of_sum - squares)) / (n * (n - 1));
  // Parallel rows made unit rows differ in their last bit, by about 1e-32 squared.
  const double least = samples_.has_one_factor() ? 0 : 1e-28;
  if (!(mean > least)) throw EqualSamplesError();
  const double scale = std::ldexp(1., -std::ilogb(mean) / 2);
  samples_.scale_by(scale);
  unit_ /= scale * scale;
  mean_distance_ = mean * scale * scale;
  mean_norm_ = norms / n * scale * scale;
  mean_length_ = std::sqrt(of_sum) / n * scale;
  if (!std::isfinite(unit_ * mean_distance_)) {
    throw Error("", "the values are so large that their squared distances overflow", "rescale them");
  }
  // Temperatures down to 2^-40 of the mean are wanted, all of them normal numbers.
  if (unit_ * mean_distance_ < std::ldexp(std::numeric_limits<double>::min(), 50)) {
    throw Error("", "the values are so small that their squared distances underflow", "rescale them");
  }
}

double Points::most_mean_distance(double norm) const {
  constexpr double rounding = 1e-6;
  return (norm + mean_norm_ + 2 * std::sqrt(norm) * mean_length_) * (1 + rounding);
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker, std::size_t first, std::size_t count,
                                   std::size_t threads) const {
  return samples_.rows(maker, count, threads, [&](std::size_t k) { return order_[first + k]; });
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker) const {
  return rows(maker, 0, size(), threads_);
}

template <class Real>
product::RowSet<Real> Points::rows(const product::Products<Real>& maker,
                                   const std::vector<std::size_t>& indices) const {
  return samples_.rows(maker, indices.size(), 1, [&](std::size_t k) { return order_[indices[k]]; });
}

#define SNNL_INSTANTIATE(Real)                                                                                       \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&) const;                                 \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&, std::size_t, std::size_t, std::size_t) \
      const;                                                                                                         \
  template product::RowSet<Real> Points::rows(const product::Products<Real>&, const std::vector<std::size_t>&) const;
SNNL_INSTANTIATE(float)
SNNL_INSTANTIATE(double)
#undef SNNL_INSTANTIATE

}  // namespace snnl::engine
