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
/// Octaves closer than this are the same.
constexpr double same_octave = 1e-9;
constexpr std::size_t per_pass = 8;

class Search {
 public:
  explicit Search(LossEvaluator& evaluator) : evaluator_(evaluator), unit_(evaluator.points().mean_distance()) {}

  OptimalTemperature run() {
    locate();
    if (separated_) evaluator_.expect_more_passes();
    Profile profile = profile_around(start_, spacing_);
    vanishes_ = vanishes();
    if (vanishes_) evaluator_.expect_more_passes();
    if (!vanishes_) settle_grid();
    const double best = least_known().second;
    const double top = known(highest_octave), bottom = known(lowest_octave);
    if (top <= best + same_loss) return {temperature(highest_octave), TemperatureStatus::upper_bound, {}};
    if (vanishes_ || bottom <= best + same_loss) return {approach(), TemperatureStatus::lower_bound, {}};
    return refine(std::move(profile));
  }

 private:
  double temperature(double octave) const {
    const double whole = std::floor(octave);
    return std::ldexp(unit_ * std::exp2(octave - whole), static_cast<int>(whole));
  }

  double known(double octave) const {
    const auto at = losses_.lower_bound(octave - same_octave);
    return at != losses_.end() && at->first <= octave + same_octave ? at->second : infinity;
  }

  std::pair<double, double> least_known() const {
    return *std::min_element(losses_.begin(), losses_.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
  }

  std::pair<double, double> nearest_known(double octave) const {
    return *std::min_element(losses_.begin(), losses_.end(), [octave](const auto& a, const auto& b) {
      return std::abs(a.first - octave) < std::abs(b.first - octave);
    });
  }

  void evaluate(const std::vector<double>& octaves) {
    std::vector<double> fresh, temperatures;
    for (const double octave : octaves) {
      if (std::isfinite(known(octave)) || octave < lowest_octave || octave > highest_octave) continue;
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
    const std::vector<double> losses = evaluator_.sample_losses(temperatures);
    double least = infinity;
    std::size_t start = 0;
    std::vector<double> means;
    for (std::size_t t = 0; t < temperatures.size(); ++t) {
      const double mean = sample_mean(losses, t);
      means.push_back(mean);
      // Where the sample knows of no loss at all, begin at the high end of that stretch.
      if (mean < least - same_loss || (mean <= least + same_loss && least < 1e-6)) {
        least = std::min(least, mean);
        start = t;
      }
    }
    start_ = lowest_octave + static_cast<double>(start);
    separated_ = least < 1e-6;
    sampled_ = losses;
    if (start < 2 || start + 2 >= means.size() || separated_) return;
    std::vector<double> x, y;
    for (std::size_t t = start - 2; t <= start + 2; ++t) {
      x.push_back(lowest_octave + static_cast<double>(t));
      y.push_back(means[t]);
    }
    start_ = minimum_of_interpolant(x, y).x;
    rehearse();
  }

  /// The pass to come, on the sample: where its minimum will lie, and whether a quarter of an octave between its nodes
  /// will be close enough. The sample's mean is less smooth than that of all rows.
  void rehearse() {
    std::vector<double> octaves, means;
    const std::vector<double> temperatures = nodes_around(start_, spacing_);
    const std::vector<double> losses = evaluator_.sample_losses(temperatures);
    for (std::size_t t = 0; t < nodes; ++t) {
      octaves.push_back(std::log2(temperatures[t] / unit_));
      means.push_back(sample_mean(losses, t));
    }
    const Minimum found = minimum_of_interpolant(octaves, means);
    start_ = found.x;
    if (error_at(octaves, means, found) > max_error * std::max(1., found.y)) spacing_ = 6;
  }

  /// Mean loss of the scored samples as the sample has it; losses[temperatures, sampled rows].
  double sample_mean(const std::vector<double>& losses, std::size_t t) {
    const std::vector<std::size_t>& rows = evaluator_.sampled_rows();
    double sum = 0, scored = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double l = losses[t * rows.size() + k];
      if (std::isnan(l)) continue;
      sum += weight_of(rows[k]) * l;
      scored += weight_of(rows[k]);
    }
    return scored > 0 ? sum / scored : 0;
  }

  /// One exact pass at `nodes` temperatures, `per_octave` of them in each octave, the middle at `centre`. Every
  /// per_octave-th is exactly half of another: these make the ladders.
  Profile profile_around(double centre, int per_octave) {
    const std::vector<double> temperatures = nodes_around(centre, per_octave);
    Profile profile = evaluator_.profile(temperatures, force_double_ || !evaluator_.float_may_do(temperatures[0]));
    for (std::size_t k = 0; k < nodes; ++k) {
      losses_[std::log2(temperatures[k] / unit_)] = profile.means[k];
    }
    return profile;
  }

  std::vector<double> nodes_around(double centre, int per_octave) const {
    const double span = static_cast<double>(nodes - 1) / per_octave;
    const double bottom = std::clamp<double>(centre - span / 2, lowest_octave, highest_octave - span);
    std::vector<double> temperatures;
    for (int k = 0; k < static_cast<int>(nodes); ++k) {
      const double within = temperature(bottom + static_cast<double>(k % per_octave) / per_octave);
      temperatures.push_back(std::ldexp(within, k / per_octave));
    }
    return temperatures;
  }

  /// Bounds from the nearest distances of all rows: a sum of weights lies between that of its largest term alone and
  /// that term times the number of terms.
  /// Stops adding where the bound exceeds `enough`.
  double nearest_bound(int octave, bool upper, double enough = infinity) {
    const double t = temperature(octave);
    const Points& points = evaluator_.points();
    const Queries& queries = evaluator_.queries();
    const std::vector<Nearest>& nearest = evaluator_.nearest();
    double sum = 0;
    for (std::size_t c = 0; c < points.classes(); ++c) {
      const std::size_t members = points.class_size(c);
      if (members < 2) continue;
      double of_class = 0;
      for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
        if (!std::isfinite(nearest[i].other)) continue;
        const double gap = (nearest[i].same - nearest[i].other) / t;
        of_class += upper ? softplus(gap + std::log(static_cast<double>(points.size() - members)))
                          : softplus(gap - std::log(static_cast<double>(members - 1)));
      }
      sum += queries.weight(c) * of_class;
      if (sum > enough * static_cast<double>(evaluator_.scored())) break;
    }
    return sum / static_cast<double>(evaluator_.scored());
  }

  /// What the sample says of the mean loss at an octave, less five standard errors. The mean loss of all rows being
  /// known at the nearest octave that was evaluated, the sample's own mean there tells how far it is from the whole (a
  /// regression estimate).
  double sample_bound(int octave) {
    const auto [at, exact] = nearest_known(octave);
    const std::vector<std::size_t>& rows = evaluator_.sampled_rows();
    const std::size_t count = rows.size();
    if (!references_.count(at)) references_[at] = evaluator_.sample_losses({temperature(at)});
    const std::vector<double>& reference = references_[at];
    const double* losses = sampled_.data() + static_cast<std::size_t>(octave - lowest_octave) * count;
    // Weighted, as queries of small classes may stand for fewer samples than the others.
    double n = 0, sum = 0, squares = 0, mean_x = 0, mean_y = 0;
    const auto for_each = [&](const auto& visit) {
      for (std::size_t k = 0; k < count; ++k) {
        if (!std::isnan(losses[k])) visit(weight_of(rows[k]), reference[k], losses[k]);
      }
    };
    for_each([&](double w, double x, double y) {
      ++n;
      sum += w;
      squares += w * w;
      mean_x += w * x;
      mean_y += w * y;
    });
    if (n < 8) return -infinity;
    mean_x /= sum;
    mean_y /= sum;
    double xx = 0, xy = 0, yy = 0;
    for_each([&](double w, double x, double y) {
      xx += w / sum * (x - mean_x) * (x - mean_x);
      xy += w / sum * (x - mean_x) * (y - mean_y);
      yy += w / sum * (y - mean_y) * (y - mean_y);
    });
    const double slope = xx > 0 ? xy / xx : 0;
    const double residual = std::max(0., yy - slope * xy) * n / (n - 2);
    return mean_y + slope * (exact - mean_x) - 5 * std::sqrt(residual * squares) / sum;
  }

  double weight_of(std::size_t row) const {
    return evaluator_.queries().weight(static_cast<std::size_t>(evaluator_.points().label(row)));
  }

  bool is_ruled_out(int octave, double best) {
    return sample_bound(octave) > best || nearest_bound(octave, false, best) > best;
  }

  /// Every scored sample's nearest neighbour is of its own class: the loss vanishes as T -> 0.
  bool vanishes() {
    const std::vector<Nearest>& nearest = evaluator_.nearest();
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      if (std::isfinite(nearest[i].same) && nearest[i].same >= nearest[i].other) return false;
    }
    return true;
  }

  /// Whether a pass has evaluated temperatures on both sides within half an octave: what lies between is smooth.
  bool covered(double octave) const {
    const auto above = losses_.lower_bound(octave - same_octave);
    if (above == losses_.end()) return false;
    if (above->first <= octave + same_octave) return true;
    return above != losses_.begin() && above->first - std::prev(above)->first <= .5;
  }

  /// Exact passes until every octave is known or cannot hold the minimum.
  void settle_grid() {
    while (true) {
      const auto [at, best] = least_known();
      std::vector<double> open;
      for (int k = lowest_octave; k <= highest_octave; ++k) {
        if (!covered(k) && !is_ruled_out(k, best + same_loss)) open.push_back(k);
      }
      if (open.empty()) return;
      std::stable_sort(open.begin(), open.end(),
                       [at = at](double a, double b) { return std::abs(a - at) < std::abs(b - at); });
      open.resize(std::min(open.size(), per_pass));
      evaluator_.expect_more_passes();
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
      std::vector<double> inside;
      for (const double offset : {-.2, -.02, -.002, 0., .002, .02, .2}) {
        const double node = guess + offset * width * (round == 0 ? 1. : width);
        if (node > low && node < high) inside.push_back(node);
      }
      inside.push_back((low + high) / 2);
      evaluate(inside);
      for (const double node : inside) {
        if (excess(node) <= same_loss) low = std::max(low, node);
      }
      for (const double node : inside) {
        if (node > low && excess(node) > same_loss) high = std::min(high, node);
      }
    }
    return temperature(low);
  }

  /// Profiles around the least loss known, until the interpolated minimum lies well inside one and is certain.
  OptimalTemperature refine(Profile profile) {
    int per_octave = spacing_;
    for (int round = 0;; ++round) {
      const std::vector<double> octaves = relative_octaves(profile);
      const double least = least_known().first;
      double centre = least;
      bool good = least > octaves[0] && least < octaves[nodes - 1];
      if (good) {
        const Minimum found = minimum_of_interpolant(octaves, profile.means);
        centre = found.x;
        good = found.x > octaves[3] && found.x < octaves[nodes - 4];
        if (good && error_at(octaves, profile.means, found) > max_error * std::max(1., found.y)) {
          good = false;
          per_octave *= 2;
        } else if (good && !evaluator_.is_good(profile, nearest_node(octaves, found.x))) {
          good = false;
          force_double_ = true;
        }
      }
      if (good || round == 8) return {temperature(centre), TemperatureStatus::converged, std::move(profile)};
      // The second pass is most often the last one: what it kept would be of no use.
      if (round > 0) evaluator_.expect_more_passes();
      profile = profile_around(centre, per_octave);
    }
  }

  std::vector<double> relative_octaves(const Profile& profile) const {
    std::vector<double> out;
    for (const double t : profile.temperatures) out.push_back(std::log2(t / unit_));
    return out;
  }

  static std::size_t nearest_node(const std::vector<double>& octaves, double at) {
    const auto node = std::min_element(octaves.begin(), octaves.end(),
                                       [at](double a, double b) { return std::abs(a - at) < std::abs(b - at); });
    return static_cast<std::size_t>(node - octaves.begin());
  }

  /// How much the outermost two nodes matter at the minimum: more than the error of the polynomial through all.
  static double error_at(const std::vector<double>& octaves, const std::vector<double>& means, const Minimum& found) {
    const std::vector<double> x(octaves.begin() + 1, octaves.end() - 1), y(means.begin() + 1, means.end() - 1);
    const std::vector<double> weights = interpolation_weights(x, found.x).value;
    double value = 0;
    for (std::size_t k = 0; k < x.size(); ++k) value += weights[k] * y[k];
    return std::abs(value - found.y);
  }

  static constexpr std::size_t nodes = 12;
  /// Of the interpolated minimum, in parts of max(1, l).
  static constexpr double max_error = 2e-7;

  LossEvaluator& evaluator_;
  double unit_;
  std::map<double, double> losses_;                   // exact, by octave
  std::vector<double> sampled_;                       // [octaves of the grid, sampled rows]
  std::map<double, std::vector<double>> references_;  // [sampled rows] at octaves that were evaluated
  double start_ = 0;
  int spacing_ = 4;         // nodes to an octave
  bool separated_ = false;  // as far as the sample knows
  bool vanishes_ = false;
  bool force_double_ = false;
};

}  // namespace

OptimalTemperature find_optimal_temperature(LossEvaluator& evaluator) { return Search(evaluator).run(); }

}  // namespace snnl
