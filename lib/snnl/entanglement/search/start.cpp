#include "snnl/entanglement/search/start.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/entanglement/polynomial.hpp"

namespace snnl::engine {
namespace {

/// Mean losses of the scored samples as the sampled rows have them.
std::vector<double> sampled_means(LossEvaluator& evaluator, const std::vector<double>& temperatures) {
  const std::vector<double> losses = evaluator.sample_losses(temperatures);
  const std::vector<std::size_t>& rows = evaluator.sampled_rows();
  std::vector<double> means;
  for (std::size_t t = 0; t < temperatures.size(); ++t) {
    double sum = 0, scored = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double l = losses[t * rows.size() + k];
      if (std::isnan(l)) continue;
      const double weight = evaluator.queries().weight(static_cast<std::size_t>(evaluator.points().label(rows[k])));
      sum += weight * l;
      scored += weight;
    }
    means.push_back(scored > 0 ? sum / scored : 0);
  }
  return means;
}

/// The pass to come, on the sample: where its minimum will lie, and whether a quarter of an octave between its nodes
/// will be close enough. The sample's mean is less smooth than that of all rows.
void rehearse(LossEvaluator& evaluator, const LossCurve& curve, Start& start) {
  constexpr double near = .3;  // the same pass will do
  const std::vector<double> temperatures = profile_temperatures(curve, start.octave, start.per_octave);
  std::vector<double> means = sampled_means(evaluator, temperatures);
  means.resize(profile_nodes);
  std::vector<double> octaves;
  for (std::size_t k = 0; k < profile_nodes; ++k) octaves.push_back(curve.octave(temperatures[k]));
  const Minimum found = minimum_of_interpolant(octaves, means);
  if (std::abs(found.x - start.octave) > near) start.octave = found.x;
  constexpr double on_the_safe_side = .5;
  const double most = on_the_safe_side * most_polynomial_error * std::max(1., found.y);
  if (polynomial_error(octaves, means, found.x) > most) start.per_octave = 6;
}

}  // namespace

std::vector<double> profile_temperatures(const LossCurve& curve, double centre, int per_octave) {
  const double span = static_cast<double>(profile_nodes - 1) / per_octave;
  const double bottom = std::clamp<double>(centre - span / 2, lowest_octave, highest_octave - span);
  std::vector<double> temperatures;
  for (int k = 0; k < static_cast<int>(profile_nodes); ++k) {
    const double within = curve.temperature(bottom + static_cast<double>(k % per_octave) / per_octave);
    temperatures.push_back(std::ldexp(within, k / per_octave));
  }
  temperatures.push_back(2 * temperatures.back());
  return temperatures;
}

Start locate(LossEvaluator& evaluator, const LossCurve& curve) {
  constexpr double nothing = 1e-6;
  std::vector<double> temperatures;
  for (int k = lowest_octave; k <= highest_octave; ++k) temperatures.push_back(curve.temperature(k));
  const std::vector<double> means = sampled_means(evaluator, temperatures);
  double least = std::numeric_limits<double>::infinity();
  std::size_t at = 0;
  for (std::size_t t = 0; t < means.size(); ++t) {
    // Where the sample knows of no loss at all, begin at the high end of that stretch.
    if (means[t] < least - LossCurve::same_loss || (means[t] <= least + LossCurve::same_loss && least < nothing)) {
      least = std::min(least, means[t]);
      at = t;
    }
  }
  Start start{lowest_octave + static_cast<double>(at), 4, least < nothing};
  if (at < 2 || at + 2 >= means.size() || start.separated) return start;
  std::vector<double> x, y;
  for (std::size_t t = at - 2; t <= at + 2; ++t) {
    x.push_back(lowest_octave + static_cast<double>(t));
    y.push_back(means[t]);
  }
  start.octave = minimum_of_interpolant(x, y).x;
  rehearse(evaluator, curve, start);
  return start;
}

double polynomial_error(const std::vector<double>& octaves, const std::vector<double>& means, double at) {
  const std::vector<double> x(octaves.begin() + 1, octaves.end() - 1), y(means.begin() + 1, means.end() - 1);
  const std::vector<double> all = interpolation_weights(octaves, at).value, inner = interpolation_weights(x, at).value;
  double change = all.front() * means.front() + all.back() * means.back();
  for (std::size_t k = 0; k < x.size(); ++k) change += (all[k + 1] - inner[k]) * y[k];
  return std::abs(change);
}

}  // namespace snnl::engine
