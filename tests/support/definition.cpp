#include "support/definition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace definition {
namespace {

double log_sum_exp(const std::vector<double>& v) {
  const double top = *std::max_element(v.begin(), v.end());
  double sum = 0;
  for (const double x : v) sum += std::exp(x - top);
  return top + std::log(sum);
}

double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum);
}

std::vector<double> probabilities(const Matrix& d, std::size_t i, double t) {
  std::vector<double> terms;
  for (std::size_t k = 0; k < d.size(); ++k) {
    if (k != i) terms.push_back(-d[i][k] / t);
  }
  const double total = log_sum_exp(terms);
  std::vector<double> p(d.size(), 0.);
  for (std::size_t k = 0; k < d.size(); ++k) {
    if (k != i) p[k] = std::exp(-d[i][k] / t - total);
  }
  return p;
}

}  // namespace

Matrix distances(const Matrix& x, snnl::Distance distance) {
  const std::size_t n = x.size();
  Matrix d(n, std::vector<double>(n, 0.));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j) continue;
      double sum = 0;
      if (distance == snnl::Distance::cosine) {
        // 1 - cos as half the squared difference of the unit vectors, which does not cancel
        const double a = norm(x[i]), b = norm(x[j]);
        for (std::size_t f = 0; f < x[i].size(); ++f) sum += std::pow(x[i][f] / a - x[j][f] / b, 2);
        sum = a == 0 || b == 0 ? 1 : sum / 2;
      } else {
        for (std::size_t f = 0; f < x[i].size(); ++f) sum += std::pow(x[i][f] - x[j][f], 2);
      }
      d[i][j] = sum;
    }
  }
  return d;
}

double mean_distance(const Matrix& d) {
  double sum = 0;
  for (const auto& row : d) {
    for (const double v : row) sum += v;
  }
  const auto n = static_cast<double>(d.size());
  return sum / (n * (n - 1));
}

std::vector<double> losses(const Matrix& d, const Labels& y, double t) {
  std::vector<double> out(d.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < d.size(); ++i) {
    std::vector<double> same, other;
    for (std::size_t k = 0; k < d.size(); ++k) {
      if (k != i) (y[k] == y[i] ? same : other).push_back(-d[i][k] / t);
    }
    if (same.empty()) continue;
    if (other.empty()) {
      out[i] = 0;
      continue;
    }
    // log(S + O) - log S = log(1 + O / S), which keeps its digits when O is tiny
    const double x = log_sum_exp(other) - log_sum_exp(same);
    out[i] = x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  }
  return out;
}

double entanglement(const Matrix& d, const Labels& y, double t) {
  double sum = 0, count = 0;
  for (const double l : losses(d, y, t)) {
    if (std::isnan(l)) continue;
    sum += l;
    ++count;
  }
  return sum / count;
}

namespace {

/// d(d_ij)/d(x_i), [d]
std::vector<double> distance_gradient(const std::vector<double>& a, const std::vector<double>& b,
                                      snnl::Distance distance) {
  std::vector<double> out(a.size(), 0.);
  if (distance == snnl::Distance::sqeuclidean) {
    for (std::size_t f = 0; f < a.size(); ++f) out[f] = 2 * (a[f] - b[f]);
    return out;
  }
  const double na = norm(a), nb = norm(b);
  if (na == 0 || nb == 0) return out;
  // -(v - (u v) u) / |a| with the unit vectors u, v; u - v in place of v, so that nothing cancels
  double along = 0;
  for (std::size_t f = 0; f < a.size(); ++f) along += a[f] / na * (a[f] / na - b[f] / nb);
  for (std::size_t f = 0; f < a.size(); ++f) out[f] = ((a[f] / na - b[f] / nb) - along * a[f] / na) / na;
  return out;
}

}  // namespace

Gradient gradient(const Matrix& x, const Labels& y, double temperature, snnl::Distance distance) {
  const std::size_t n = x.size();
  Gradient out;
  out.by_samples.assign(n, std::vector<double>(x[0].size(), 0.));
  const Matrix d = distances(x, distance);
  const std::vector<double> l = losses(d, y, temperature);
  const auto scored = static_cast<double>(n) -
                      static_cast<double>(std::count_if(l.begin(), l.end(), [](double v) { return std::isnan(v); }));
  if (scored == 0) return out;
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(l[i])) continue;
    out.value += l[i] / scored;
    const std::vector<double> p = probabilities(d, i, temperature);
    Matrix own = d;  // q_i: the same among the own class
    for (std::size_t k = 0; k < n; ++k) {
      if (y[k] != y[i]) own[i][k] = std::numeric_limits<double>::infinity();
    }
    const std::vector<double> q = probabilities(own, i, temperature);
    // Of its own class, p - q = -q (1 - e^-l): with no cancellation where they are nearly equal.
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      const double w = (y[j] == y[i] ? q[j] * std::expm1(-l[i]) : p[j]) / scored;
      out.by_log_temperature += w * d[i][j] / temperature;
      const std::vector<double> from_i = distance_gradient(x[i], x[j], distance);
      const std::vector<double> from_j = distance_gradient(x[j], x[i], distance);
      for (std::size_t f = 0; f < x[i].size(); ++f) {
        out.by_samples[i][f] -= w / temperature * from_i[f];
        out.by_samples[j][f] -= w / temperature * from_j[f];
      }
    }
  }
  return out;
}

Optimum scan(const Matrix& d, const Labels& y) {
  const double unit = mean_distance(d);
  Optimum best{0, std::numeric_limits<double>::infinity()};
  for (int k = -40 * 16; k <= 10 * 16; ++k) {
    const double t = unit * std::exp2(k / 16.);
    const double value = entanglement(d, y, t);
    if (value < best.value) best = {t, value};
  }
  return best;
}

double effective_neighbors(const Matrix& d, double t) {
  double sum = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    double entropy = 0;
    for (const double p : probabilities(d, i, t)) entropy -= p > 0 ? p * std::log(p) : 0;
    sum += std::exp(entropy);
  }
  return sum / static_cast<double>(d.size());
}

Matrix class_similarity(const Matrix& d, const Labels& y, std::size_t classes, double t) {
  Matrix m(classes, std::vector<double>(classes, 0.));
  std::vector<double> count(classes, 0.);
  for (std::size_t i = 0; i < d.size(); ++i) {
    const std::vector<double> p = probabilities(d, i, t);
    const auto a = static_cast<std::size_t>(y[i]);
    ++count[a];
    for (std::size_t k = 0; k < d.size(); ++k) m[a][static_cast<std::size_t>(y[k])] += p[k];
  }
  for (std::size_t a = 0; a < classes; ++a) {
    for (double& v : m[a]) v /= count[a];
  }
  return m;
}

}  // namespace definition
