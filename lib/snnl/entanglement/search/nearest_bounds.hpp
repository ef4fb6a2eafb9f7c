#pragma once

#include "snnl/entanglement/evaluator.hpp"

namespace snnl {

struct LossBounds {
  double lower = 0, upper = 0;
};

/// Bounds of the mean loss at any temperature from the nearest distances s_i within the class and o_i outside of all rows: a
/// sum of weights lies between its largest term alone and that term times the number of terms, so that
///   log(1 + e^((s_i - o_i) / T) / (n_class - 1)) <= l_i(T) <= log(1 + (n - n_class) e^((s_i - o_i) / T)).
LossBounds nearest_bounds(const LossEvaluator& evaluator, double temperature);

/// Whether every scored sample's nearest neighbour is of its own class: the loss vanishes as T -> 0.
bool vanishes(const LossEvaluator& evaluator);

}  // namespace snnl
