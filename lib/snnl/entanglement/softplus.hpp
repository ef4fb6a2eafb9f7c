#pragma once

#include <cmath>

namespace snnl::engine {

/// log(1 + e^x), without overflow, and exact to the last bits for x far below zero.
inline double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

/// l_i = log((S + O) / S) from the sums of weights over its own class, S > 0, and over the others, O.
inline double loss_of(double same, double other) {
  const double ratio = other / same;
  return std::isfinite(ratio) ? std::log1p(ratio) : std::log(other) - std::log(same);
}

}  // namespace snnl::engine
