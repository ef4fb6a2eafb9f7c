#include "snnl/entanglement/search/approach.hpp"

#include <algorithm>
#include <cmath>

#include "snnl/entanglement/search/nearest_bounds.hpp"

namespace snnl::engine {

namespace {

constexpr double near = .01;  // octaves

/// The last octave of [low, high], but for `near`, at which what holds at `low` and falls still holds.
template <class Holds>
double last_octave(double low, double high, const Holds& holds) {
  if (holds(high)) return high;
  while (high - low > near) {
    const double middle = (low + high) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

double approach_limit(LossEvaluator& evaluator, LossCurve& curve, bool vanishes) {
  const double limit = vanishes ? 0 : curve.at(lowest_octave);
  const double enough = LossCurve::same_loss;
  const auto excess = [&](double octave) { return curve.at(octave) - limit; };
  // From an octave within the tolerance up to one beyond it.
  double low = lowest_octave, high = low + 1;
  if (vanishes) {
    const auto at = [&](double octave) { return nearest_bounds(evaluator, curve.temperature(octave)); };
    if (at(highest_octave).lower <= enough) return curve.temperature(highest_octave);
    low = last_octave(low, highest_octave, [&](double octave) { return at(octave).upper <= enough; });
    high = last_octave(low, highest_octave, [&](double octave) { return at(octave).lower <= enough; }) + near;
    curve.evaluate({low, high});
  } else {
    curve.evaluate({low, low + 1, low + 2, low + 3});
  }
  if (excess(low) > enough) return curve.temperature(lowest_octave);
  for (; excess(high) <= enough; high += 1) {
    if (high > highest_octave) return curve.temperature(highest_octave);
    low = high;
    if (!curve.known().count(high + 1)) curve.evaluate({high + 1, high + 2, high + 3, high + 4});
  }
  // Near the limit the excess falls like exp(-gap / T), so its logarithm is interpolated in 1 / T.
  for (int round = 0; round < 12 && high - low > 1e-7; ++round) {
    const double at_low = excess(low), at_high = excess(high);
    double guess = (low + high) / 2;
    if (at_low > 0) {
      const double s = (std::log(enough) - std::log(at_low)) / (std::log(at_high) - std::log(at_low));
      guess = -std::log2(std::exp2(-low) + s * (std::exp2(-high) - std::exp2(-low)));
    }
    const double width = high - low;
    std::vector<double> inside;
    for (const double offset : {-.2, -.02, -.002, 0., .002, .02, .2}) {
      const double node = guess + offset * width * (round == 0 ? 1. : width);
      if (node > low && node < high) inside.push_back(node);
    }
    inside.push_back((low + high) / 2);
    curve.evaluate(inside);
    for (const double node : inside) {
      if (excess(node) <= enough) low = std::max(low, node);
    }
    for (const double node : inside) {
      if (node > low && excess(node) > enough) high = std::min(high, node);
    }
  }
  return curve.temperature(low);
}

}  // namespace snnl::engine
