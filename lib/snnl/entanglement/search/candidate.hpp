#pragma once

#include <algorithm>
#include <limits>
#include <optional>

#include "snnl/entanglement/search/loss_curve.hpp"

namespace snnl::engine {

/// The least mean loss found, and whether nothing in the range is less.
struct Candidate {
  double octave = 0;
  double loss = std::numeric_limits<double>::infinity();
  bool proven = false;
  bool vanishes = false;           ///< it falls to 0 as T -> 0: nothing else was looked for
  std::optional<Profile> profile;  ///< the pass that found it, where it was interpolated

  /// Losses closer than this, in parts of max(1, l), are not told apart: in float there are none nearer.
  double close_enough = 2e-7;
  double margin() const { return close_enough * std::max(1., loss); }
  /// What a stretch must be proven to hold no less than, to be out of the question.
  double target() const { return loss - margin(); }
};

/// Few samples (LossEvaluator::few): all octaves, and what lies between them near the best, evaluated exactly.
Candidate search_few(LossEvaluator& evaluator, LossCurve& curve);

/// By profiles.
Candidate search_by_profiles(LossEvaluator& evaluator, LossCurve& curve);

}  // namespace snnl::engine
