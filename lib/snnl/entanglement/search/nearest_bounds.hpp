#pragma once

#include "snnl/entanglement/evaluator.hpp"

namespace snnl::engine {

struct LossBounds {
  double lower = 0, upper = 0;
};

/// Bounds of the mean loss at any temperature from the nearest distances s_i within the class and o_i outside of all
/// rows: a sum of weights lies between its largest term alone and that term times the number of terms, so that
///   log(1 + e^((s_i - o_i) / T) / (n_class - 1)) <= l_i(T) <= log(1 + (n - n_class) e^((s_i - o_i) / T)).
LossBounds nearest_bounds(const LossEvaluator& evaluator, double temperature);

/// The mean loss, if the sums of each row had as many terms as lie in the middle between one and all of them: for a
/// guess where it is least.
double estimated_loss(const LossEvaluator& evaluator, double temperature);

/// Whether the loss falls to 0 as T -> 0, at temperatures not below `lowest`: every scored sample's nearest neighbour
/// is of its own class, and nearer by so much that this tells there.
bool vanishes(const LossEvaluator& evaluator, double lowest);

}  // namespace snnl::engine
