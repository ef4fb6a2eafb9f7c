#include <algorithm>
#include <cmath>
#include <vector>

#include "snnl/entanglement/search/candidate.hpp"
#include "snnl/entanglement/search/nearest_bounds.hpp"

namespace snnl::engine {
namespace {

/// Octaves between evaluations wherever a minimum may be. A row's loss cannot change from one behaviour to another
/// faster: terms that take over at some temperature are there as many times weaker as they are more numerous, and with
/// 2^18 pairs that takes more than a tenth of an octave.
constexpr double dense = 1. / 16;
/// Octaves to which a minimum is found.
constexpr double precise = 2e-5;

struct Place {
  double octave = 0, loss = 0;
};

void take_least(const LossCurve& curve, Candidate& best) {
  const auto [octave, loss] = curve.least();
  if (loss < best.loss) {
    best.octave = octave;
    best.loss = loss;
  }
}

/// Follows the parabola through three places, the middle one the lowest, down to the minimum.
void polish(LossCurve& curve, Place a, Place b, Place c) {
  constexpr double nothing = 1e-13;
  for (int round = 0; round < 40; ++round) {
    const double left = b.octave - a.octave, right = c.octave - b.octave;
    const double down = a.loss - b.loss, up = c.loss - b.loss;
    if (std::max(left, right) < precise || std::max(down, up) <= nothing * std::max(1., b.loss)) return;
    double next = b.octave + (right * right * down - left * left * up) / (2 * (right * down + left * up));
    const bool inside = next > a.octave && next < c.octave;
    // The golden section where a parabola says nothing, or the other side again and again.
    if (!inside || round % 4 == 3) next = right > left ? b.octave + .382 * right : b.octave - .382 * left;
    if (std::abs(next - b.octave) < precise / 2) next = b.octave + (right > left ? precise / 2 : -precise / 2);
    curve.evaluate({next});
    const Place found{next, curve.at(next)};
    if (!std::isfinite(found.loss)) return;
    if (found.loss < b.loss) {
      (found.octave < b.octave ? c : a) = b;
      b = found;
    } else {
      (found.octave < b.octave ? a : c) = found;
    }
  }
}

/// Halves open stretches until none is wide.
bool make_dense(LossCurve& curve, Candidate& best) {
  while (true) {
    std::vector<double> between;
    for (const LossCurve::Stretch& s : curve.open(best.target())) {
      const double middle = (s.low + s.high) / 2;
      if (s.high - s.low > dense * 1.01 && curve.was_tried(middle)) return false;  // rounding is too much there
      if (s.high - s.low > dense * 1.01) between.push_back(middle);
    }
    if (between.empty()) return true;
    curve.evaluate(between);
    take_least(curve, best);
  }
}

}  // namespace

Candidate search_few(LossEvaluator& evaluator, LossCurve& curve) {
  Candidate best;
  best.close_enough = LossCurve::same_loss;
  curve.evaluate({highest_octave});
  best.vanishes = vanishes(evaluator, curve.temperature(lowest_octave));
  if (best.vanishes) return best;
  std::vector<double> octaves;
  for (int k = lowest_octave; k < highest_octave; ++k) octaves.push_back(k);
  curve.evaluate(octaves);
  take_least(curve, best);
  best.proven = make_dense(curve, best);
  // What lies between two evaluations may be a little less than both.
  const double worth = best.loss + 1e-2 * std::max(1., best.loss);
  std::vector<Place> known;
  for (const auto& [octave, at] : curve.known()) known.push_back({octave, at.loss});
  for (std::size_t k = 1; k + 1 < known.size(); ++k) {
    const Place &a = known[k - 1], &b = known[k], &c = known[k + 1];
    if (b.loss > worth || b.loss > a.loss || b.loss > c.loss) continue;
    if (std::min(b.octave - a.octave, c.octave - b.octave) > 2 * dense)
      continue;  // both stretches are out of the question
    polish(curve, a, b, c);
  }
  take_least(curve, best);
  return best;
}

}  // namespace snnl::engine
