#pragma once

#include <optional>

#include "snnl/entanglement/evaluator.hpp"

namespace snnl {

/// How the reported temperature came about.
enum class TemperatureStatus {
  converged,    ///< the entanglement has its minimum here
  lower_bound,  ///< it falls towards a limit as T -> 0; this is the largest T within 1e-9 of that limit
  upper_bound,  ///< it falls as T grows; this is the upper end of the range, or the entanglement does not depend on T
  fixed,        ///< the caller chose it
};

/// The range searched, as powers of two of the mean distance.
inline constexpr int lowest_octave = -40;
inline constexpr int highest_octave = 10;

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
/// 3. Octaves outside are ruled out, or evaluated exactly: by a bound that holds for all rows,
///    l_i >= log(1 + exp((m_same - m_other) / T) / n_same) from its nearest distances m, or by the sample, whose mean,
///    corrected by regression on the mean known at the nearest octave, must stand five standard errors above the best.
///    If one of them is better, step 2 is done again there.
/// 4. The minimum of the polynomial in log T through the twelve is the answer if it lies well inside them, and if the
///    polynomial without the outermost two differs from it by less than 2e-7 there. Else step 2 again, nearer.
OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator);

}  // namespace snnl
