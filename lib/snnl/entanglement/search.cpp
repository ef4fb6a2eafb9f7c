#include "snnl/entanglement/search.hpp"

#include <utility>

#include "snnl/entanglement/search/approach.hpp"
#include "snnl/entanglement/search/candidate.hpp"
#include "snnl/entanglement/search/loss_curve.hpp"

namespace snnl {

OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator) {
  LossCurve curve(evaluator);
  Candidate best = evaluator.few() ? search_few(evaluator, curve) : search_by_profiles(evaluator, curve);
  if (best.vanishes) return {approach_limit(evaluator, curve, true), TemperatureStatus::lower_bound, {}};
  if (!best.proven) return {curve.temperature(best.octave), TemperatureStatus::uncertain, {}};
  if (curve.at(highest_octave) <= best.loss + best.margin()) {
    return {curve.temperature(highest_octave), TemperatureStatus::upper_bound, {}};
  }
  if (curve.limit_is(best.loss + best.margin())) {
    return {approach_limit(evaluator, curve, false), TemperatureStatus::lower_bound, {}};
  }
  return {curve.temperature(best.octave), TemperatureStatus::converged, std::move(best.profile)};
}

}  // namespace snnl
