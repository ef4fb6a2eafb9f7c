#include "snnl/entanglement/search.hpp"

#include <utility>

#include "snnl/entanglement/search/approach.hpp"
#include "snnl/entanglement/search/candidate.hpp"
#include "snnl/entanglement/search/loss_curve.hpp"

namespace snnl::engine {

namespace {

OptimalTemperature conclude(LossEvaluator& evaluator, LossCurve& curve, Candidate best) {
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

OptimalTemperature search_exactly(LossEvaluator& evaluator) {
  LossCurve curve(evaluator);
  return conclude(evaluator, curve, search_few(evaluator, curve));
}

}  // namespace

OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator) {
  if (evaluator.few()) return search_exactly(evaluator);
  LossCurve curve(evaluator);
  Candidate best = search_by_profiles(evaluator, curve);
  const bool decided = best.proven || best.vanishes;
  if (!decided && evaluator.become_exact()) return search_exactly(evaluator);
  return conclude(evaluator, curve, std::move(best));
}

}  // namespace snnl::engine
