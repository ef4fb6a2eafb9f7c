#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "snnl/entanglement/polynomial.hpp"
#include "snnl/entanglement/search/candidate.hpp"
#include "snnl/entanglement/search/nearest_bounds.hpp"
#include "snnl/entanglement/search/start.hpp"

namespace snnl::engine {
namespace {

constexpr std::size_t per_pass = 8;
constexpr int most_per_octave = 64;
constexpr double narrow = .5;  // octaves
/// Profiles after which rounding is to blame.
constexpr int patience = 8;
/// No search has needed half as many.
constexpr std::size_t most_passes = 100;
/// Of the change of the rows' losses by the outermost two nodes of a profile, in parts of max(1, l): what rounding
/// leaves of it.
constexpr double most_row_error = 5e-6;

class ProfileSearch {
 public:
  ProfileSearch(LossEvaluator& evaluator, LossCurve& curve) : evaluator_(evaluator), curve_(curve) {}

  Candidate run() {
    const Start start = locate(evaluator_, curve_);
    spacing_ = start.per_octave;
    double octave = start.octave;
    if (start.separated) {
      evaluator_.keep_tiles();
      evaluator_.find_nearest();
      best_.vanishes = vanishes(evaluator_, curve_.temperature(lowest_octave));
      if (best_.vanishes) return std::move(best_);
      octave = evaluate_cheap_octaves();
    }
    take_profile(octave, spacing_);
    best_.vanishes = vanishes(evaluator_, curve_.temperature(lowest_octave));
    if (best_.vanishes) {
      evaluator_.keep_tiles();
      return std::move(best_);
    }
    if (curve_.known().empty()) take_profile_in_double();
    take_least();
    Settled settled = Settled::less_found;
    while (settled == Settled::less_found && passes_left()) {
      evaluate_open_octaves();
      refine();
      settled = settle();
    }
    best_.proven = settled == Settled::proven;
    return std::move(best_);
  }

 private:
  enum class Settled { proven, less_found, undecided };

  bool passes_left() const { return evaluator_.passes() < most_passes; }

  void take_profile(double centre, int per_octave) {
    std::vector<double> temperatures = profile_temperatures(curve_, centre, per_octave);
    // Distances of samples of unequal norm vary so much that the bound from above leaves higher octaves open.
    if (!profile_ && evaluator_.norms_vary()) temperatures.push_back(4 * temperatures.back());
    const bool in_double = force_double_ || !evaluator_.float_may_do(temperatures[0]);
    profile_ = evaluator_.profile(temperatures, profile_nodes, in_double);
    curve_.add(*profile_);
    octaves_.clear();
    for (const double t : profile_->temperatures) octaves_.push_back(curve_.octave(t));
  }

  void take_profile_in_double() {
    force_double_ = true;
    take_profile(octaves_[profile_nodes / 2], spacing_);
  }

  /// Returns whether something less is known than so far, by more than rounding.
  bool take_least() {
    if (curve_.known().empty()) return false;
    const auto [octave, loss] = curve_.least();
    if (std::isfinite(best_.loss) && loss >= best_.target()) return false;  // the profile is where the best was
    best_.octave = octave;
    best_.loss = loss;
    return true;
  }

  /// Where only few rows have losses: all octaves that cost next to nothing. Returns where the minimum may be, by the
  /// nearest distances.
  double evaluate_cheap_octaves() {
    std::vector<double> octaves;
    for (int k = lowest_octave; k <= highest_octave && evaluator_.takes_few_rows(curve_.temperature(k)); ++k) {
      octaves.push_back(k);
    }
    curve_.evaluate(octaves);
    double likely = lowest_octave, least = std::numeric_limits<double>::infinity();
    for (int k = lowest_octave; k <= highest_octave; ++k) {
      const double loss = estimated_loss(evaluator_, curve_.temperature(k));
      if (loss < least) least = loss, likely = k;
    }
    return likely;
  }

  /// Exact passes until the bound leaves no whole octave open, but for what lies between the nodes of profiles.
  void evaluate_open_octaves() {
    while (passes_left()) {
      std::vector<double> octaves;
      for (const LossCurve::Stretch& stretch : curve_.open(best_.target())) {
        if (stretch.high - stretch.low <= narrow) continue;  // between the nodes of a profile, which may decide it
        for (double k = std::ceil(stretch.low); k <= stretch.high; ++k) {
          if (!curve_.was_tried(k)) octaves.push_back(k);
        }
      }
      if (octaves.empty()) return;
      std::stable_sort(octaves.begin(), octaves.end(),
                       [this](double a, double b) { return std::abs(a - best_.octave) < std::abs(b - best_.octave); });
      octaves.resize(std::min(octaves.size(), per_pass));
      evaluator_.keep_tiles();
      curve_.evaluate(octaves);
      take_least();
    }
  }

  /// Profiles around the least loss known, until the interpolated minimum lies well inside one and is certain: the last
  /// one. Where that is an end of the range, or the loss so flat that rounding decides, even in double, the best is one
  /// that was evaluated, and there is no profile.
  void refine() {
    int per_octave = spacing_;
    for (int round = 0; round < 2 * patience; ++round) {
      const double least = curve_.least().first;
      if (least >= highest_octave || curve_.limit_is(best_.loss + best_.margin())) break;
      if (is_flat(least)) {
        if (profile_->in_double) break;
        force_double_ = true;
      }
      if (round == patience) force_double_ = true;
      double centre = least;
      if (profile_ && least > octaves_.front() && least < octaves_.back()) {
        const Minimum found = minimum_of_interpolant(octaves_, profile_->means);
        centre = found.x;
        if (found.x > octaves_[3] && found.x < octaves_[profile_nodes - 4]) {
          if (!is_judged_good(found.x, found.y)) {
            force_double_ = true;
          } else if (!is_followed(found)) {
            look_closer(per_octave);
          } else {
            best_.octave = found.x;
            best_.loss = found.y;
            close_between_nodes();
            return;
          }
        }
      }
      // The second pass is most often the last one: what it kept would be of no use.
      if (round > 0) evaluator_.keep_tiles();
      const std::vector<double> before = octaves_;
      take_profile(centre, per_octave);
      take_least();
      // At an end of the range the same ones again: only nearer ones get any closer to it.
      if (octaves_ == before && !force_double_) per_octave = std::min(2 * per_octave, most_per_octave);
    }
    std::tie(best_.octave, best_.loss) = curve_.least();
    profile_.reset();
    if (force_double_) evaluator_.avoid_float(curve_.temperature(best_.octave));
  }

  /// Whether all of the profile around an octave are the same loss.
  bool is_flat(double octave) const {
    if (!profile_ || octave < octaves_.front() || octave > octaves_.back()) return false;
    const auto [least, most] = std::minmax_element(profile_->means.begin(), profile_->means.end());
    return *most - *least <= best_.margin();
  }

  /// Where a polynomial does not follow the loss: nodes nearer to each other, but what rounding does to float does not
  /// become less by that.
  void look_closer(int& per_octave) {
    if (per_octave > spacing_ && !profile_->in_double) {
      force_double_ = true;
    } else {
      per_octave = std::min(2 * per_octave, most_per_octave);
    }
  }

  /// Whether the polynomial follows the mean loss there, and each row's.
  bool is_followed(const Minimum& at) const {
    const double unit = std::max(1., at.y);
    if (polynomial_error(octaves_, profile_->means, at.x) > most_polynomial_error * unit) return false;
    const double temperature = curve_.temperature(at.x);
    const InterpolationError error = interpolation_error(evaluator_.points(), evaluator_.queries(), *profile_,
                                                         temperature, evaluator_.threads_for_rows());
    return error.mean <= most_row_error * unit;
  }

  /// Whether the arithmetic was good enough at the temperatures on which a value between them rests. Rounding moves all
  /// of them alike, as they are of the same distances.
  bool is_judged_good(double octave, double value) const {
    constexpr double matters = .1;
    const std::vector<double> weights = interpolation_weights(octaves_, octave).value;
    double error = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      if (std::abs(weights[k]) >= matters) error = std::max(error, profile_->errors[k]);
    }
    return LossEvaluator::is_good(value, error);
  }

  /// Closes what lies between the nodes of the profile where the polynomial through it shows nothing less than the
  /// best: it must be certain there, or higher by more than it is uncertain. That is told by leaving out the outermost
  /// two, which is hard on what lies next to them.
  void close_between_nodes() {
    constexpr int points = 8;
    for (std::size_t k = 0; k + 1 < profile_nodes; ++k) {
      bool closed = true;
      for (int p = 0; p <= points && closed; ++p) {
        const double at = octaves_[k] + (octaves_[k + 1] - octaves_[k]) * p / points;
        const std::vector<double> weights = interpolation_weights(octaves_, at).value;
        double value = 0;
        for (std::size_t j = 0; j < weights.size(); ++j) value += weights[j] * profile_->means[j];
        const double error = polynomial_error(octaves_, profile_->means, at);
        const bool certain = error <= most_polynomial_error * std::max(1., value);
        closed = is_judged_good(at, value) && value >= best_.target() + (certain ? 0 : 4 * error);
      }
      if (closed) curve_.close(octaves_[k], octaves_[k + 1]);
    }
  }

  /// Decides every stretch that the bound leaves open, by profiles there.
  Settled settle() {
    int per_octave = spacing_;
    std::optional<Profile> mine = std::exchange(profile_, std::nullopt);
    std::vector<LossCurve::Stretch> open = curve_.open(best_.target());
    while (!open.empty() && passes_left()) {
      const LossCurve::Stretch next = *std::min_element(open.begin(), open.end(), [this](const auto& a, const auto& b) {
        return std::abs(a.dip - best_.octave) < std::abs(b.dip - best_.octave);
      });
      evaluator_.keep_tiles();
      take_profile((next.low + next.high) / 2, per_octave);
      if (take_least()) return Settled::less_found;
      const Minimum found = minimum_of_interpolant(octaves_, profile_->means);
      if (found.y < best_.target() && found.x > octaves_[1] && found.x < octaves_[profile_nodes - 2]) {
        curve_.evaluate({found.x});
        if (take_least()) return Settled::less_found;
      }
      close_between_nodes();
      open = curve_.open(best_.target());
      const bool is_left = std::any_of(open.begin(), open.end(), [&](const LossCurve::Stretch& s) {
        return s.low < next.high && s.high > next.low;
      });
      if (!is_left) continue;
      if (per_octave >= most_per_octave && profile_->in_double) return Settled::undecided;
      look_closer(per_octave);
    }
    if (!open.empty()) return Settled::undecided;
    best_.profile = std::move(mine);
    return Settled::proven;
  }

  LossEvaluator& evaluator_;
  LossCurve& curve_;
  std::optional<Profile> profile_;  // the last one
  std::vector<double> octaves_;     // of its nodes
  Candidate best_;
  int spacing_ = 4;  // nodes to an octave
  bool force_double_ = false;
};

}  // namespace

Candidate search_by_profiles(LossEvaluator& evaluator, LossCurve& curve) {
  return ProfileSearch(evaluator, curve).run();
}

}  // namespace snnl::engine
