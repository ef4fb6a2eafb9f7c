#pragma once

#include <cstddef>
#include <vector>

namespace snnl::engine {

/// Weights that give the polynomial through (x[k], y[k]), and its derivative, at one point: sum_k value[k] y[k].
struct InterpolationWeights {
  std::vector<double> value;
  std::vector<double> derivative;
};

/// The x are distinct, in any order.
InterpolationWeights interpolation_weights(const std::vector<double>& x, double at);

struct Minimum {
  double x = 0;
  double y = 0;
};

/// Least value of the polynomial through (x[k], y[k]) between the smallest and the largest x, found to about 1e-7 of
/// that width. The x are distinct, in any order; at least two.
Minimum minimum_of_interpolant(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace snnl::engine
