#pragma once

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
};

/// The temperature in [2^-40, 2^10] x mean distance at which the mean loss is least.
///
/// 1. The losses of a sample of rows, in double, on an octave grid say where to begin. That place is not trusted.
/// 2. Exact passes evaluate grid temperatures until each of the others is ruled out: by bounds that hold for all rows,
///    l_i >= log(1 + exp((m_same - m_other) / T) / n_same) from its nearest distances m, or by the sample's mean
///    minus five standard errors.
/// 3. Around each grid minimum, temperatures a quarter of an octave apart are evaluated, and the minimum of the
///    polynomial in log T through them is taken; further passes follow while that and the exact loss there disagree.
OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator);

}  // namespace snnl
