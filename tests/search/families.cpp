#include "search/families.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <sstream>
#include <stdexcept>

namespace search {
namespace {

/// The same numbers with every standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : bits_(static_cast<std::uint32_t>(seed ^ (seed >> 32))) { bits_.discard(8); }
  double uniform() { return static_cast<double>(bits_()) / 4294967296.; }
  double between(double a, double b) { return a + (b - a) * uniform(); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
  double normal() {
    double sum = 0;
    for (int k = 0; k < 12; ++k) sum += uniform();
    return sum - 6;
  }
  std::size_t about(double low, double high) {
    return static_cast<std::size_t>(std::exp(between(std::log(low), std::log(high + 1))));
  }

 private:
  std::mt19937 bits_;
};

std::size_t clamp_size(double x, std::size_t low, std::size_t high) {
  return std::clamp(static_cast<std::size_t>(std::max(x, 0.)), low, high);
}

}  // namespace

std::string Recipe::text() const {
  char line[512];
  std::snprintf(line, sizeof line, "%u %zu %zu %zu %.17g %.17g %zu %zu %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %d %.17g", seed, n,
                d, classes, log_separation, log_width, wrong, outliers, log_outlier, norms, tails, dead, duplicates,
                log_grid, nested, spread_of_widths, cosine ? 1 : 0, multiples);
  return line;
}

Recipe parse(const std::string& text) {
  std::istringstream in(text);
  Recipe r;
  in >> r.seed >> r.n >> r.d >> r.classes >> r.log_separation >> r.log_width >> r.wrong >> r.outliers >> r.log_outlier >>
      r.norms >> r.tails >> r.dead >> r.duplicates >> r.log_grid >> r.nested >> r.spread_of_widths >> r.cosine;
  if (!in) throw std::invalid_argument("not a recipe: " + text);
  if (!(in >> r.multiples)) r.multiples = 0;  // there was a time without
  return r;
}

Recipe make_recipe(std::size_t family, std::uint32_t seed, std::size_t most_samples) {
  Dice dice(seed * std::uint64_t{2654435761u} + family * 977);
  Recipe r;
  r.seed = seed;
  const double most = static_cast<double>(most_samples);
  r.n = dice.uniform() < .3 ? dice.about(2, std::min(most, 60.)) : dice.about(std::min(most, 40.), most);
  r.d = dice.about(1, r.n > 1000 ? 64 : 300);
  r.classes = dice.uniform() < .7 ? dice.about(2, 12) : dice.about(2, std::max(2., static_cast<double>(r.n) / 2));
  r.log_separation = dice.between(-4, 4);
  r.log_grid = -30;
  r.cosine = dice.uniform() < .2;
  switch (family % families) {
    case 0:  // tight clusters with wrong labels
      r.log_separation = dice.between(0, 4);
      r.log_width = dice.between(-12, -3);
      r.wrong = dice.about(1, 20);
      break;
    case 1:  // heavy tails
      r.tails = dice.between(.5, 4);
      break;
    case 2:
      r.outliers = dice.about(1, 5);
      r.log_outlier = dice.between(1, 6);
      r.wrong = dice.uniform() < .5 ? dice.about(1, 5) : 0;
      break;
    case 3:
      r.dead = dice.between(.05, .95);
      break;
    case 4:
      r.norms = dice.between(.1, 2.5);
      break;
    case 5:  // many small classes
      r.classes = clamp_size(static_cast<double>(r.n) / dice.between(1.5, 5), 2, r.n);
      break;
    case 6:
      r.duplicates = dice.between(.05, .9);
      r.wrong = dice.about(1, 20);
      break;
    case 7:  // ties
      r.log_grid = dice.between(-4, 1);
      break;
    case 8:  // two and three minima: clusters in clusters
      r.nested = dice.between(2, 14);
      r.log_width = dice.between(-16, -2);
      r.wrong = dice.about(1, 10);
      break;
    case 9:
      r.spread_of_widths = dice.between(2, 16);
      r.wrong = dice.uniform() < .5 ? dice.about(1, 10) : 0;
      break;
    case 10:  // zero rows under cosine
      r.cosine = true;
      r.dead = dice.between(.05, .95);
      r.norms = dice.between(0, 2);
      break;
    case 11:  // tiny
      r.n = 2 + dice.below(20);
      r.d = dice.about(1, 8);
      r.classes = 1 + dice.below(r.n);
      break;
    case 12:  // outliers that are mislabelled, in tight clusters
      r.log_width = dice.between(-10, 0);
      r.outliers = dice.about(1, 8);
      r.log_outlier = dice.between(0, 4);
      r.wrong = dice.about(1, 8);
      r.norms = dice.uniform() < .5 ? dice.between(0, 1) : 0;
      break;
    case 13:  // multiples of a few directions
      r.cosine = dice.uniform() < .9;
      // Some directions and few samples: where rounding breaks all ties to one side, nothing else hides it.
      if (dice.uniform() < .6) r.n = 4 + dice.below(12);
      r.multiples = dice.uniform() < .8 ? 1 : dice.between(.2, 1);
      r.classes = dice.uniform() < .5 ? 2 : dice.about(2, 6);
      r.d = dice.uniform() < .5 ? dice.about(1, 4) : dice.about(2, 32);
      r.wrong = 1 + dice.below(3);
      r.log_separation = dice.between(0, 3);
      r.nested = dice.uniform() < .5 ? dice.between(0, 3) : 0;
      break;
    default:  // everything at once
      r.log_width = dice.between(-8, 1);
      r.wrong = dice.about(1, 20);
      r.outliers = dice.below(4);
      r.log_outlier = dice.between(0, 6);
      r.norms = dice.between(0, 1.5);
      r.tails = dice.uniform() < .3 ? dice.between(.2, 3) : 0;
      r.dead = dice.uniform() < .3 ? dice.between(0, .8) : 0;
      r.duplicates = dice.uniform() < .3 ? dice.between(0, .6) : 0;
      r.log_grid = dice.uniform() < .2 ? dice.between(-6, 0) : -30;
      r.nested = dice.uniform() < .4 ? dice.between(1, 12) : 0;
      r.spread_of_widths = dice.uniform() < .3 ? dice.between(0, 12) : 0;
      break;
  }
  r.classes = std::clamp<std::size_t>(r.classes, 1, r.n);
  return r;
}

Recipe changed(const Recipe& recipe, std::uint32_t seed, std::size_t most_samples) {
  Dice dice(seed * std::uint64_t{40503} + 11);
  Recipe r = recipe;
  const auto nudge = [&](double& value, double step, double low, double high) {
    if (dice.uniform() < .3) value = std::clamp(value + step * dice.normal(), low, high);
  };
  const auto nudge_count = [&](std::size_t& value, std::size_t low, std::size_t high) {
    if (dice.uniform() < .3) value = clamp_size(static_cast<double>(value) * std::exp(.4 * dice.normal()) + dice.between(-1, 2), low, high);
  };
  if (dice.uniform() < .5) r.seed = seed;
  nudge_count(r.n, 2, most_samples);
  nudge_count(r.d, 1, 300);
  nudge_count(r.classes, 1, r.n);
  nudge_count(r.wrong, 0, 30);
  nudge_count(r.outliers, 0, 10);
  nudge(r.log_separation, 1, -6, 8);
  nudge(r.log_width, 1, -18, 4);
  nudge(r.log_outlier, .5, 0, 6);
  nudge(r.norms, .3, 0, 3);
  nudge(r.tails, .3, 0, 5);
  nudge(r.dead, .1, 0, .95);
  nudge(r.duplicates, .1, 0, .95);
  if (r.multiples > 0) nudge(r.multiples, .1, .1, 1);
  nudge(r.nested, 1, 0, 16);
  nudge(r.spread_of_widths, 1, 0, 16);
  if (r.log_grid > -20) nudge(r.log_grid, .5, -8, 2);
  return r;
}

data::Samples cook(const Recipe& r) {
  Dice dice(r.seed * std::uint64_t{6364136223846793005u} + 1442695040888963407u);
  data::Samples s;
  s.name = r.text();
  s.x = xt::xtensor<float, 2>::from_shape({r.n, r.d});
  s.y.resize(r.n);
  const double separation = std::exp2(r.log_separation), width = std::exp2(r.log_width);
  std::vector<double> centres(r.classes * 2 * r.d), widths(r.classes);
  for (std::size_t c = 0; c < r.classes; ++c) {
    widths[c] = width * std::exp2(r.spread_of_widths * (dice.uniform() - .5));
    for (std::size_t f = 0; f < r.d; ++f) {
      const double centre = separation * dice.normal();
      centres[(2 * c) * r.d + f] = centre;
      centres[(2 * c + 1) * r.d + f] = centre + (r.nested > 0 ? separation * std::exp2(-r.nested) * dice.normal() : 0);
    }
  }
  std::vector<char> is_dead(r.d);
  for (std::size_t f = 0; f < r.d; ++f) is_dead[f] = r.dead > 0 && dice.uniform() < r.dead ? 1 : 0;
  for (std::size_t i = 0; i < r.n; ++i) {
    // All multiples: any direction is of the first class, but for the wrong labels.
    const std::size_t c = r.multiples == 1 ? dice.below(r.classes) : i % r.classes;
    s.y[i] = r.multiples == 1 ? 0 : static_cast<std::int64_t>(c);
    const double scale = r.norms > 0 ? std::exp(r.norms * dice.normal()) : 1;
    const bool is_zero = r.dead > 0 && dice.uniform() < r.dead / 2;
    const std::size_t half = dice.below(2);
    // Along an axis by any factor, or along whole numbers by a whole factor: multiples to the last bit.
    bool is_multiple = false, along_axis = false;
    double factor = 1;
    if (r.multiples > 0) {
      is_multiple = dice.uniform() < r.multiples;
      along_axis = dice.uniform() < .5 || r.nested == 0;
      factor = dice.uniform() < .5 ? static_cast<double>(1 + dice.below(8)) : dice.between(.1, 10);
      if (dice.uniform() < .2) factor = -factor;
    }
    for (std::size_t f = 0; f < r.d; ++f) {
      double v = centres[(2 * c + half) * r.d + f] + widths[c] * dice.normal();
      if (r.tails > 0) v = std::sinh(std::min(r.tails * v, 60.)) / r.tails;
      v = std::clamp(v * scale, -1e15, 1e15);
      if (r.log_grid > -20) v = std::round(v / std::exp2(r.log_grid)) * std::exp2(r.log_grid);
      if (is_dead[f]) v = r.cosine ? 0 : 3;
      if (is_zero) v = 0;
      if (is_multiple && along_axis) v = f == c % r.d ? factor : 0;
      if (is_multiple && !along_axis) v = std::round(centres[(2 * c + half) * r.d + f]) * std::ceil(factor);
      s.x(i, f) = static_cast<float>(v);
    }
    if (i > 0 && r.duplicates > 0 && dice.uniform() < r.duplicates) {
      const double change = dice.uniform() < .5 ? 0 : std::exp2(dice.between(-20, -2));
      for (std::size_t f = 0; f < r.d; ++f) {
        s.x(i, f) = static_cast<float>(static_cast<double>(s.x(i - 1, f)) + change * dice.normal());
      }
    }
  }
  for (std::size_t k = 0; k < r.outliers; ++k) {
    const std::size_t i = dice.below(r.n);
    for (std::size_t f = 0; f < r.d; ++f) {
      s.x(i, f) += static_cast<float>(std::pow(10., r.log_outlier) * std::max(separation, width) * dice.normal());
    }
  }
  for (std::size_t k = 0; k < r.wrong && r.classes > 1; ++k) {
    const std::size_t i = dice.below(r.n);
    s.y[i] = static_cast<std::int64_t>((static_cast<std::size_t>(s.y[i]) + 1 + dice.below(r.classes - 1)) % r.classes);
  }
  return s;
}

}  // namespace search
