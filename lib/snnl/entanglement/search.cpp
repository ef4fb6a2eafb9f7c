#include "snnl/entanglement/search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "snnl/entanglement/polynomial.hpp"
#include "snnl/entanglement/softplus.hpp"

namespace snnl {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Losses closer than this are the same.
constexpr double same_loss = 1e-9;
constexpr std::size_t per_pass = 8;

class Search {
 public:
  explicit Search(LossEvaluator& evaluator) : evaluator_(evaluator), unit_(evaluator.points().mean_distance()) {}

  OptimalTemperature run() {
    locate();
    settle_grid();
    const double best = least_known().second;
    const double top = known(highest_octave), bottom = known(lowest_octave);
    if (top <= best + same_loss) return {temperature(highest_octave), TemperatureStatus::upper_bound};
    if (vanishes_ || bottom <= best + same_loss) return {approach(), TemperatureStatus::lower_bound};
    return {temperature(refine()), TemperatureStatus::converged};
  }

 private:
  double temperature(double octave) const {
    const double whole = std::floor(octave);
    return std::ldexp(unit_ * std::exp2(octave - whole), static_cast<int>(whole));
  }

  double known(double octave) const {
    const auto at = losses_.find(octave);
    return at == losses_.end() ? infinity : at->second;
  }

  std::pair<double, double> least_known() const {
    return *std::min_element(losses_.begin(), losses_.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
  }

  void evaluate(const std::vector<double>& octaves) {
    std::vector<double> fresh, temperatures;
    for (const double octave : octaves) {
      if (losses_.count(octave) || octave < lowest_octave || octave > highest_octave) continue;
      fresh.push_back(octave);
      temperatures.push_back(temperature(octave));
    }
    if (fresh.empty()) return;
    const std::vector<LossAt> found = evaluator_.evaluate(temperatures);
    for (std::size_t k = 0; k < fresh.size(); ++k) losses_[fresh[k]] = found[k].loss;
  }

  void locate() {
    std::vector<double> temperatures;
    for (int k = lowest_octave; k <= highest_octave; ++k) temperatures.push_back(temperature(k));
    ExactRows& sample = evaluator_.sample();
    const std::vector<double> losses = sample.losses(temperatures);
    const std::size_t count = sample.rows().size();
    double least = infinity;
    for (std::size_t t = 0; t < temperatures.size(); ++t) {
      double sum = 0, squares = 0, scored = 0;
      for (std::size_t k = 0; k < count; ++k) {
        const double l = losses[t * count + k];
        if (std::isnan(l)) continue;
        sum += l;
        squares += l * l;
        ++scored;
      }
      const double mean = scored > 0 ? sum / scored : 0;
      const double variance = scored > 1 ? std::max(0., (squares - sum * mean) / (scored - 1)) : infinity;
      const int octave = lowest_octave + static_cast<int>(t);
      sampled_below_[octave] = scored > 1 ? mean - 5 * std::sqrt(variance / scored) : -infinity;
      // Where the sample knows of no loss at all, begin at the high end of that stretch.
      if (mean < least - same_loss || (mean <= least + same_loss && least < 1e-6)) {
        least = std::min(least, mean);
        start_ = octave;
      }
    }
  }

  /// Bounds from the nearest distances of all rows: a sum of weights lies between that of its largest term alone and
  /// that term times the number of terms.
  double nearest_bound(int octave, bool upper) {
    const double t = temperature(octave);
    const Points& points = evaluator_.points();
    const std::vector<Nearest>& nearest = evaluator_.nearest();
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t members = points.class_size(static_cast<std::size_t>(points.label(i)));
      if (members < 2 || !std::isfinite(nearest[i].other)) continue;
      const double gap = (nearest[i].same - nearest[i].other) / t;
      sum += upper ? softplus(gap + std::log(static_cast<double>(points.size() - members)))
                   : softplus(gap - std::log(static_cast<double>(members - 1)));
    }
    return sum / static_cast<double>(evaluator_.scored());
  }

  double lower_bound(int octave) { return std::max(nearest_bound(octave, false), sampled_below_[octave]); }

  /// Every scored sample's nearest neighbour is of its own class: the loss vanishes as T -> 0.
  bool vanishes() {
    const std::vector<Nearest>& nearest = evaluator_.nearest();
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      if (std::isfinite(nearest[i].same) && nearest[i].same >= nearest[i].other) return false;
    }
    return true;
  }

  /// Exact passes until every octave is known or cannot hold the minimum.
  void settle_grid() {
    std::vector<double> first;
    const int from = std::clamp(start_ - 3, lowest_octave, highest_octave - static_cast<int>(per_pass) + 1);
    for (int k = from; k < from + static_cast<int>(per_pass); ++k) first.push_back(k);
    evaluate(first);
    vanishes_ = vanishes();
    if (vanishes_) return;
    while (true) {
      const auto [at, best] = least_known();
      std::vector<double> open;
      for (int k = lowest_octave; k <= highest_octave; ++k) {
        if (!losses_.count(k) && lower_bound(k) <= best + same_loss) open.push_back(k);
      }
      if (open.empty()) return;
      std::stable_sort(open.begin(), open.end(),
                       [at = at](double a, double b) { return std::abs(a - at) < std::abs(b - at); });
      open.resize(std::min(open.size(), per_pass));
      evaluate(open);
    }
  }

  /// The largest temperature whose loss is within same_loss of the limit for T -> 0. Near it the excess falls like
  /// exp(-gap / T), so its logarithm is interpolated in 1 / T.
  double approach() {
    const double limit = vanishes_ ? 0 : known(lowest_octave);
    const auto excess = [&](double octave) { return known(octave) - limit; };
    int within = lowest_octave;
    while (vanishes_ && within < highest_octave && nearest_bound(within + 1, true) <= same_loss) ++within;
    // From an octave within the tolerance up to one beyond it.
    double low = within;
    evaluate({low, low + 1, low + 2, low + 3});
    if (excess(low) > same_loss) return temperature(lowest_octave);
    for (double next = low + 1;; next += 1) {
      if (next > highest_octave) return temperature(highest_octave);
      if (!losses_.count(next)) evaluate({next, next + 1, next + 2, next + 3});
      if (excess(next) > same_loss) break;
      low = next;
    }
    double high = low + 1;
    for (int round = 0; round < 12 && high - low > 1e-7; ++round) {
      const double at_low = excess(low), at_high = excess(high);
      double guess = (low + high) / 2;
      if (at_low > 0) {
        const double s = (std::log(same_loss) - std::log(at_low)) / (std::log(at_high) - std::log(at_low));
        guess = -std::log2(std::exp2(-low) + s * (std::exp2(-high) - std::exp2(-low)));
      }
      const double width = high - low;
      std::vector<double> nodes;
      for (const double offset : {-.2, -.02, -.002, 0., .002, .02, .2}) {
        const double node = guess + offset * width * (round == 0 ? 1. : width);
        if (node > low && node < high) nodes.push_back(node);
      }
      nodes.push_back((low + high) / 2);
      evaluate(nodes);
      for (const double node : nodes) {
        if (excess(node) <= same_loss) low = std::max(low, node);
      }
      for (const double node : nodes) {
        if (node > low && excess(node) > same_loss) high = std::min(high, node);
      }
    }
    return temperature(low);
  }

  double refine() {
    constexpr double max_mismatch = 5e-8;
    double best_octave = least_known().first;
    double step = .25;
    for (int round = 0; round < 4; ++round, step /= 4) {
      std::vector<double> centres = round == 0 ? grid_minima() : std::vector<double>{best_octave};
      std::vector<double> nodes;
      for (const double centre : centres) {
        for (int k = -4; k <= 4; ++k) nodes.push_back(centre + k * step);
      }
      evaluate(nodes);
      Minimum best{best_octave, infinity};
      for (const double centre : centres) {
        std::vector<double> x, y;
        for (int k = -4; k <= 4; ++k) {
          const double node = centre + k * step;
          if (!losses_.count(node)) continue;
          x.push_back(node);
          y.push_back(known(node));
        }
        const Minimum found = minimum_of_interpolant(x, y);
        if (found.y < best.y) best = found;
      }
      evaluate({best.x});
      best_octave = least_known().first;
      const double exact = known(best.x);
      if (std::abs(exact - best.y) <= max_mismatch * std::max(1., exact)) break;
    }
    return best_octave;
  }

  /// Octaves of the grid that no neighbour undercuts and below which the minimum may lie, best first; three at most.
  std::vector<double> grid_minima() {
    const double best = least_known().second;
    std::vector<double> found;
    for (int k = lowest_octave; k <= highest_octave; ++k) {
      const double at = known(k), left = known(k - 1), right = known(k + 1);
      if (!std::isfinite(at) || left < at || right < at) continue;
      // Between grid points a smooth curve dips less below the lower one than its neighbours rise above it.
      const double rise = std::min(left, right) - at;
      if (at - (std::isfinite(rise) ? rise : infinity) <= best) found.push_back(k);
    }
    std::sort(found.begin(), found.end(), [&](double a, double b) { return known(a) < known(b); });
    found.resize(std::min<std::size_t>(found.size(), 3));
    return found;
  }

  LossEvaluator& evaluator_;
  double unit_;
  std::map<double, double> losses_;  // exact, by octave
  std::map<int, double> sampled_below_;
  int start_ = 0;
  bool vanishes_ = false;
};

}  // namespace

OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator) { return Search(evaluator).run(); }

}  // namespace snnl
