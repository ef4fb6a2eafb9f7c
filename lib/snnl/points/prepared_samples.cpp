#include "snnl/points/prepared_samples.hpp"

#include <cmath>
#include <stdexcept>

#include "snnl/error.hpp"
#include "snnl/points/finite_magnitude.hpp"

namespace snnl::engine {
namespace {

template <class T>
double row_norm(const T* row, std::size_t d) {
  double largest = 0;
  for (std::size_t f = 0; f < d; ++f) largest = std::max(largest, std::abs(static_cast<double>(row[f])));
  if (largest == 0) return 0;
  double sum = 0;
  for (std::size_t f = 0; f < d; ++f) sum += std::pow(static_cast<double>(row[f]) / largest, 2);
  return largest * std::sqrt(sum);
}

/// Keeps squares of the largest and of the smallest values inside the range of double.
double scale_of(double largest) { return largest > 0 ? std::ldexp(1., -std::max(std::ilogb(largest), -1000)) : 1; }

}  // namespace

PreparedSamples::PreparedSamples(const SampleMatrix& samples, Distance distance, std::size_t threads,
                                 const std::string& row)
    : samples_(samples), distance_(distance) {
  std::visit(
      [&](const auto& x) {
        size_ = x.rows;
        centre_.assign(x.cols, 0.);
        largest_ = static_cast<double>(finite_magnitude(x, threads, row));
        if (has_one_factor()) {
          row_scale_ = {scale_of(largest_)};
          return;
        }
        row_scale_.resize(x.rows);
        parallel::run_stretches(x.rows, row_stretch(x.rows), threads, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) {
            const double norm = row_norm(x.row(i), x.cols);
            row_scale_[i] = norm > 0 ? std::sqrt(.5) / norm : 0;
          }
        });
        for (std::size_t i = 0; i < x.rows; ++i) {
          if (std::isfinite(row_scale_[i])) continue;
          throw Error("", row + " " + std::to_string(i) + " is so short that its direction is no number",
                      "scale the values up");
        }
        any_zero_ = std::find(row_scale_.begin(), row_scale_.end(), 0.) != row_scale_.end();
      },
      samples);
}

bool PreparedSamples::has_one_factor() const {
  switch (distance_) {
    case Distance::sqeuclidean:
      return true;
    case Distance::cosine:
      return false;
  }
  throw std::logic_error("a distance without a preparation");
}

void PreparedSamples::share_scale(PreparedSamples& a, PreparedSamples& b) {
  if (!a.has_one_factor()) return;
  a.row_scale_ = b.row_scale_ = {scale_of(std::max(a.largest_, b.largest_))};
}

void PreparedSamples::scale_by(double factor) {
  scale_ *= factor;
  for (double& c : centre_) c *= factor;
}

void PreparedSamples::extended_distances(std::size_t i, const std::vector<std::size_t>& others,
                                         long double* out) const {
  const auto scale = static_cast<long double>(scale_);
  std::visit(
      [&](const auto& x) {
        const auto factor_of = [&](std::size_t k) -> long double {
          if (has_one_factor()) return static_cast<long double>(row_scale_[0]) * scale;
          const auto* row = x.row(k);
          // The double factor keeps the squares inside the range.
          const auto by = static_cast<long double>(row_scale_[k]);
          long double norm = 0;
          for (std::size_t f = 0; f < x.cols; ++f) {
            norm += static_cast<long double>(row[f]) * by * (static_cast<long double>(row[f]) * by);
          }
          return norm > 0 ? by * scale * std::sqrt(0.5L / norm) : 0;
        };
        const auto* own = x.row(i);
        const long double own_factor = factor_of(i);
        std::vector<long double> values(x.cols);
        for (std::size_t f = 0; f < x.cols; ++f) values[f] = static_cast<long double>(own[f]) * own_factor;
        for (std::size_t j = 0; j < others.size(); ++j) {
          out[j] = 0;
          if (is_zero(i) || is_zero(others[j])) {
            out[j] = scale * scale;
            continue;
          }
          const auto* row = x.row(others[j]);
          const long double factor = factor_of(others[j]);
          for (std::size_t f = 0; f < x.cols; ++f) {
            const long double difference = values[f] - static_cast<long double>(row[f]) * factor;
            out[j] += difference * difference;
          }
        }
      },
      samples_);
}

}  // namespace snnl::engine
