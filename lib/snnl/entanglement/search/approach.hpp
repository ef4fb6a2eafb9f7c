#pragma once

#include "snnl/entanglement/search/loss_curve.hpp"

namespace snnl::engine {

/// The largest temperature whose loss is within LossCurve::same_loss of the limit for T -> 0: which is 0 where the loss
/// vanishes, else its value at the lowest octave of the range.
double approach_limit(LossEvaluator& evaluator, LossCurve& curve, bool vanishes);

}  // namespace snnl::engine
