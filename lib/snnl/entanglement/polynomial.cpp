#include "snnl/entanglement/polynomial.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace snnl::engine {

InterpolationWeights interpolation_weights(const std::vector<double>& x, double at) {
  const std::size_t count = x.size();
  InterpolationWeights out{std::vector<double>(count), std::vector<double>(count)};
  for (std::size_t k = 0; k < count; ++k) {
    // Lagrange's basis polynomial as a product of factors, and the sum of the products that leave one out.
    double product = 1, slope = 0;
    for (std::size_t j = 0; j < count; ++j) {
      if (j == k) continue;
      const double width = x[k] - x[j];
      slope = slope * (at - x[j]) / width + product / width;
      product *= (at - x[j]) / width;
    }
    out.value[k] = product;
    out.derivative[k] = slope;
  }
  return out;
}

Minimum minimum_of_interpolant(const std::vector<double>& x, const std::vector<double>& y) {
  // Barycentric form: stable for the dozen nodes it is used for.
  std::vector<double> weight(x.size(), 1.);
  for (std::size_t j = 0; j < x.size(); ++j) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (k != j) weight[j] /= x[j] - x[k];
    }
  }
  const auto value = [&](double at) {
    double numerator = 0, denominator = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (at == x[k]) return y[k];
      const double w = weight[k] / (at - x[k]);
      numerator += w * y[k];
      denominator += w;
    }
    return numerator / denominator;
  };
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  constexpr int cells = 256;
  const double step = (*high - *low) / cells;
  int best = 0;
  double least = value(*low);
  for (int k = 1; k <= cells; ++k) {
    const double v = value(*low + k * step);
    if (v < least) {
      least = v;
      best = k;
    }
  }
  // Golden section in the cells beside the best point.
  double a = *low + std::max(best - 1, 0) * step, b = *low + std::min(best + 1, cells) * step;
  constexpr double ratio = 1 / std::numbers::phi;
  double c = b - ratio * (b - a), d = a + ratio * (b - a);
  double at_c = value(c), at_d = value(d);
  while (b - a > 1e-7 * (*high - *low)) {
    if (at_c <= at_d) {
      b = d;
      d = c;
      at_d = at_c;
      c = b - ratio * (b - a);
      at_c = value(c);
    } else {
      a = c;
      c = d;
      at_c = at_d;
      d = a + ratio * (b - a);
      at_d = value(d);
    }
  }
  return at_c <= at_d ? Minimum{c, at_c} : Minimum{d, at_d};
}

}  // namespace snnl::engine
