#include "snnl/entanglement/search/loss_curve.hpp"

#include <algorithm>
#include <cmath>

#include "snnl/entanglement/search/nearest_bounds.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::engine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Octaves closer than this are the same.
constexpr double same_octave = 1e-9;

bool same(double a, double b) { return std::abs(a - b) <= same_octave; }

}  // namespace

LossCurve::LossCurve(LossEvaluator& evaluator) : evaluator_(evaluator), unit_(evaluator.points().mean_distance()) {}

double LossCurve::temperature(double octave) const {
  const double whole = std::floor(octave);
  return std::ldexp(unit_ * std::exp2(octave - whole), static_cast<int>(whole));
}

double LossCurve::octave(double temperature) const { return std::log2(temperature / unit_); }

double LossCurve::at(double octave) const {
  const auto found = losses_.lower_bound(octave - same_octave);
  return found != losses_.end() && same(found->first, octave) ? found->second.loss : infinity;
}

std::pair<double, double> LossCurve::least() const {
  const auto at_most = [](const auto& one) { return one.second.loss + one.second.error; };
  const auto found = std::min_element(losses_.begin(), losses_.end(),
                                      [&](const auto& a, const auto& b) { return at_most(a) < at_most(b); });
  return {found->first, found->second.loss};
}

bool LossCurve::was_tried(double octave) const {
  return std::any_of(tried_.begin(), tried_.end(), [&](double tried) { return same(tried, octave); });
}

void LossCurve::evaluate(const std::vector<double>& octaves) {
  std::vector<double> fresh, temperatures;
  for (const double octave : octaves) {
    if (octave < lowest_octave - same_octave || octave > highest_octave + same_octave) continue;
    if (was_tried(octave)) continue;
    tried_.push_back(octave);
    fresh.push_back(octave);
    temperatures.push_back(temperature(octave));
  }
  if (fresh.empty()) return;
  const std::vector<LossAt> found = evaluator_.evaluate(temperatures);
  for (std::size_t k = 0; k < fresh.size(); ++k) {
    if (LossEvaluator::is_good(found[k].loss, found[k].error)) losses_[fresh[k]] = {found[k].loss, found[k].error};
  }
}

void LossCurve::add(const Profile& profile) {
  const auto take = [this](double temperature, double mean, double error) {
    const double at = octave(temperature);
    if (!LossEvaluator::is_good(mean, error) || at > highest_octave + same_octave) return;
    losses_[at] = {mean, error};
    tried_.push_back(at);
  };
  for (std::size_t t = 0; t < profile.temperatures.size(); ++t) {
    take(profile.temperatures[t], profile.means[t], profile.errors[t]);
  }
  for (const Profile::Beyond& one : profile.beyond) take(one.temperature, one.mean, one.error);
}

bool LossCurve::limit_is(double loss) {
  if (!least_limit_) least_limit_ = nearest_bounds(evaluator_, temperature(lowest_octave)).lower;
  if (*least_limit_ > loss) return false;
  evaluate({lowest_octave});
  return at(lowest_octave) <= loss;
}

std::vector<LossCurve::Stretch> LossCurve::open(double target) {
  const LossBound& bound = evaluator_.bound();
  const double least = 1 / temperature(highest_octave), most = 1 / temperature(lowest_octave);
  struct Candidate {
    std::size_t k = 0;
    double low = 0, high = 0;  // 1 / T
    Stretch stretch;
    std::optional<double> dip = {};
  };
  std::vector<Candidate> candidates;
  for (std::size_t k = 0; k < bound.size(); ++k) {
    const double low = std::max(least, bound.inverse_temperature(k));
    const double high = k + 1 < bound.size() ? std::min(most, bound.inverse_temperature(k + 1)) : most;
    if (!(low < high)) continue;
    const Stretch stretch{octave(1 / high), octave(1 / low), 0};
    if (stretch.high - stretch.low < same_octave || is_closed(stretch.low, stretch.high)) continue;
    candidates.push_back({k, low, high, stretch});
  }
  parallel::run_parallel(candidates.size(), evaluator_.threads_for_rows(), [&](std::size_t c, std::size_t) {
    Candidate& one = candidates[c];
    one.dip = bound.dip(one.k, one.low, one.high, target);
  });
  std::vector<Stretch> out;
  for (Candidate& one : candidates) {
    if (!one.dip) {
      close(one.stretch.low, one.stretch.high);
      continue;
    }
    one.stretch.dip = octave(1 / *one.dip);
    out.push_back(one.stretch);
  }
  return out;
}

void LossCurve::close(double low, double high) { closed_.emplace_back(low, high); }

bool LossCurve::is_closed(double low, double high) const {
  return std::any_of(closed_.begin(), closed_.end(), [&](const auto& closed) {
    return closed.first <= low + same_octave && high <= closed.second + same_octave;
  });
}

}  // namespace snnl::engine
