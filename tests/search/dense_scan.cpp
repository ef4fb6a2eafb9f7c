#include "search/dense_scan.hpp"

#include <algorithm>
#include <cmath>

namespace search {
namespace {

/// log sum exp(-(d - d_0) / T) of sorted distances.
double log_sum(const std::vector<double>& sorted, double temperature) {
  constexpr double negligible = 45;
  double sum = 0;
  for (const double d : sorted) {
    const double u = (d - sorted[0]) / temperature;
    if (u > negligible) break;
    sum += std::exp(-u);
  }
  return std::log(sum);
}

std::vector<std::vector<double>> unit_rows(const xt::xtensor<float, 2>& x, std::vector<char>& zero) {
  const std::size_t n = x.shape(0), d = x.shape(1);
  std::vector<std::vector<double>> out(n, std::vector<double>(d));
  zero.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    double largest = 0, sum = 0;
    for (std::size_t f = 0; f < d; ++f) largest = std::max(largest, std::abs(static_cast<double>(x(i, f))));
    zero[i] = largest == 0 ? 1 : 0;
    if (zero[i]) continue;
    for (std::size_t f = 0; f < d; ++f) sum += std::pow(static_cast<double>(x(i, f)) / largest, 2);
    for (std::size_t f = 0; f < d; ++f) out[i][f] = static_cast<double>(x(i, f)) / largest / std::sqrt(sum);
  }
  return out;
}

}  // namespace

DenseScan::DenseScan(const xt::xtensor<float, 2>& x, const std::vector<std::int64_t>& y, snnl::Distance distance) {
  const std::size_t n = x.shape(0), d = x.shape(1);
  std::vector<char> zero(n, 0);
  std::vector<std::vector<double>> values;
  if (distance == snnl::Distance::cosine) {
    values = unit_rows(x, zero);
  } else {
    values.assign(n, std::vector<double>(d));
    for (std::size_t i = 0; i < n; ++i) std::copy_n(&x(i, 0), d, values[i].begin());
  }
  std::vector<Row> rows(n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double distance_of_pair = 0;
      for (std::size_t f = 0; f < d; ++f) {
        const double difference = values[i][f] - values[j][f];
        distance_of_pair += difference * difference;
      }
      if (distance == snnl::Distance::cosine) distance_of_pair = zero[i] || zero[j] ? 1 : distance_of_pair / 2;
      sum += 2 * distance_of_pair;
      (y[i] == y[j] ? rows[i].same : rows[i].other).push_back(distance_of_pair);
      (y[i] == y[j] ? rows[j].same : rows[j].other).push_back(distance_of_pair);
    }
  }
  mean_distance_ = sum / static_cast<double>(n) / static_cast<double>(n - 1);
  for (Row& row : rows) {
    if (row.same.empty()) continue;
    std::sort(row.same.begin(), row.same.end());
    std::sort(row.other.begin(), row.other.end());
    rows_.push_back(std::move(row));
  }
}

double DenseScan::at(double temperature) const {
  double sum = 0;
  for (const Row& row : rows_) {
    if (row.other.empty()) continue;
    const double gap = (row.same[0] - row.other[0]) / temperature;
    if (gap < -800) continue;
    const double x = log_sum(row.other, temperature) - log_sum(row.same, temperature) + gap;
    sum += x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  }
  return sum / static_cast<double>(rows_.size());
}

DenseScan::Least DenseScan::least(int per_octave, int lowest) const {
  std::vector<Least> found;
  const auto look = [&](double octave) {
    const double t = mean_distance_ * std::exp2(octave);
    found.push_back({t, at(t)});
  };
  for (int k = lowest * per_octave; k <= 10 * per_octave; ++k) look(static_cast<double>(k) / per_octave);
  std::vector<Least> best = found;
  std::sort(best.begin(), best.end(), [](const Least& a, const Least& b) { return a.loss < b.loss; });
  best.resize(std::min<std::size_t>(best.size(), 3));
  for (const Least& around : best) {
    const double octave = std::log2(around.temperature / mean_distance_);
    for (int k = -8; k <= 8; ++k) look(std::clamp(octave + k / 8. / per_octave, static_cast<double>(lowest), 10.));
  }
  return *std::min_element(found.begin(), found.end(), [](const Least& a, const Least& b) { return a.loss < b.loss; });
}

}  // namespace search
