#pragma once

#include <vector>

#include "snnl/entanglement/search/loss_curve.hpp"

namespace snnl::engine {

/// Temperatures that one pass evaluates.
inline constexpr std::size_t profile_nodes = 12;

/// As many temperatures as a profile has, `per_octave` of them in each octave, the middle at the octave `centre`, moved
/// into the range where they reach out of it. Every per_octave-th is exactly half of another: these make the ladders.
/// After them twice the last one, which costs next to nothing on the same ladder: where the loss has risen so far, the
/// bound excludes all that is above.
std::vector<double> profile_temperatures(const LossCurve& curve, double centre, int per_octave);

/// Where the sampled rows say the minimum is. Not to be trusted: in a well-separated layer a few samples that the
/// sample does not hold carry the optimum.
struct Start {
  double octave = 0;
  int per_octave = 4;      ///< nodes of a profile there, as far apart as the sampled rows allow
  bool separated = false;  ///< they know of no loss at all
};
Start locate(LossEvaluator& evaluator, const LossCurve& curve);

/// How much the outermost two nodes matter at `at`: more than the error of the polynomial through all.
double polynomial_error(const std::vector<double>& octaves, const std::vector<double>& means, double at);

/// Of an interpolated minimum, in parts of max(1, l).
inline constexpr double most_polynomial_error = 2e-7;

}  // namespace snnl::engine
