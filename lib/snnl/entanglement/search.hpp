#pragma once

#include <optional>

#include "snnl/entanglement/evaluator.hpp"

namespace snnl::engine {

struct OptimalTemperature {
  double temperature = 0;  ///< engine's units
  TemperatureStatus status = TemperatureStatus::converged;
  std::optional<Profile> profile;  ///< the pass that found it, where there is one around it
};

/// The temperature in [2^-40, 2^10] x mean distance at which the mean loss is least.
///
/// 1. The losses of a sample of rows, in double, on an octave grid say where to begin. That place is not trusted.
/// 2. One exact pass over all pairs evaluates twelve temperatures around it, a quarter of an octave apart, or a sixth
///    where the sample says that the loss curves too much for that.
/// 3. Every stretch between temperatures that were evaluated, from one end of the range to the other, is proven to hold
///    nothing less than the best by a bound that holds for all rows (LossBound), or is evaluated more densely.
/// 4. The minimum of the polynomial in log T through the twelve is the answer if it lies well inside them, if the
///    polynomial without the outermost two differs from it by less than 2e-7 there, for the mean and about for each
///    row, and if the arithmetic was found good enough at the temperatures that it rests on. Else step 2 again, nearer.
///    Stretches inside that the bound cannot decide are decided by the polynomial.
/// Few samples are evaluated exactly at all octaves, and wherever the bound does not exclude a minimum, 16 times an
/// octave; the minimum is evaluated itself. What is still open after that is `uncertain`: the best that was found.
OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator);

}  // namespace snnl::engine
