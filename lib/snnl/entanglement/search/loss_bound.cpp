#include "snnl/entanglement/search/loss_bound.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/entanglement/softplus.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What errors may come to without being reckoned with: values nearer to each other need not be told apart.
constexpr double tolerable = 2e-7;

/// log(e^x - 1), the inverse of softplus; NaN for 0.
double softplus_inverse(double x) {
  if (!(x > 0)) return nan;
  return x > 30 ? x + std::log1p(-std::exp(-x)) : std::log(std::expm1(x));
}

}  // namespace

LossBound::LossBound(const Points& points, const Queries& queries, std::vector<double> offsets,
                     const std::vector<double>& norms, std::vector<BoundedNearest> nearest, std::size_t threads)
    : threads_(threads) {
  const std::size_t q = queries.size();
  const auto n = static_cast<double>(points.size());
  double scored = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    if (points.class_size(c) > 1) scored += static_cast<double>(points.class_size(c));
  }
  weight_.assign(q, 0.);
  fall_of_same_.resize(q);
  fall_of_other_.resize(q);
  rise_of_other_.resize(q);
  slope_at_zero_.resize(q);
  Node zero{0, 0, 0, std::vector<double>(q, 0.), std::vector<double>(q, nan)};
  for (std::size_t c = 0; c < points.classes(); ++c) {
    const auto members = static_cast<double>(points.class_size(c));
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      const Nearest& found = nearest[i].nearest;
      const double margin = nearest[i].margin;
      if (members < 2 || !std::isfinite(found.other)) continue;
      weight_[i] = queries.weight(c) / scored;
      zero.same[i] = std::log(members - 1);
      zero.other[i] = std::log(n - members);
      zero.loss += weight_[i] * softplus(zero.other[i] - zero.same[i]);
      fall_of_same_[i] = offsets[i] - found.same + margin;
      fall_of_other_[i] = offsets[i] - found.other - margin;
      rise_of_other_[i] = offsets[i] - found.other + margin;
      // The mean distance of a row to all samples follows from its norm; what its own class takes of it is at least
      // its nearest distance, each time.
      const double to_all = n * points.most_mean_distance(norms[i]);
      const double to_others = (to_all - (members - 1) * std::max(0., found.same - margin)) / (n - members);
      slope_at_zero_[i] = offsets[i] - to_others;
    }
  }
  nodes_.push_back(std::move(zero));
}

LossBound::Node LossBound::node(const Known& known) const {
  Node node{1 / known.temperature, std::max(0., known.error - tolerable), 0, std::vector<double>(weight_.size()),
            std::vector<double>(weight_.size())};
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    if (weight_[i] == 0) continue;
    node.loss += weight_[i] * known.losses[i];
    if (std::isnan(known.log_masses[i])) {
      node.same[i] = nodes_.front().same[i] + node.b * fall_of_same_[i];  // all as near as the nearest
      node.other[i] = nan;
      node.partial = true;
      continue;
    }
    node.same[i] = known.log_masses[i] - known.losses[i];
    node.other[i] = node.same[i] + softplus_inverse(known.losses[i]);
  }
  return node;
}

void LossBound::add(const std::vector<Known>& known) {
  std::vector<Node> made(known.size());
  parallel::run_parallel(known.size(), threads_, [&](std::size_t k, std::size_t) { made[k] = node(known[k]); });
  for (Node& one : made) {
    const auto place =
        std::lower_bound(nodes_.begin(), nodes_.end(), one.b, [](const Node& n, double x) { return n.b < x; });
    if (place == nodes_.end() || place->b != one.b) nodes_.insert(place, std::move(one));
  }
}

LossBound::Stretch LossBound::stretch(std::size_t k) const {
  constexpr double far_enough = 1.18;  // about a quarter of an octave
  Stretch s{&nodes_[k], k + 1 < nodes_.size() ? &nodes_[k + 1] : nullptr, nullptr, nullptr};
  for (std::size_t j = k; j-- > 0 && !s.before;) {
    if (nodes_[j].b * far_enough <= s.begin->b) s.before = &nodes_[j];
  }
  for (std::size_t j = k + 2; j < nodes_.size() && !s.after; ++j) {
    if (nodes_[j].b >= s.end->b * far_enough) s.after = &nodes_[j];
  }
  return s;
}

LossBound::At LossBound::evaluate(const Stretch& s, double b) const {
  const double from_begin = b - s.begin->b;
  const double width = s.end ? s.end->b - s.begin->b : 0, to_end = s.end ? s.end->b - b : 0;
  const double before = s.before ? s.begin->b - s.before->b : 0, after = s.after ? s.after->b - s.end->b : 0;
  // Where the loss is known it is the bound.
  const bool partial = s.begin->partial || (s.end && s.end->partial);
  const Node* const known = partial ? nullptr : b == s.begin->b ? s.begin : s.end && b == s.end->b ? s.end : nullptr;
  // What errors of the values do to slopes.
  const double spoilt_before = s.before ? 8 * std::max(s.begin->error, s.before->error) / before : 0;
  const double spoilt_after = s.after ? 8 * std::max(s.end->error, s.after->error) / after : 0;
  const std::vector<double> sums =
      sum_over_rows(weight_.size(), 2, 1, [&](std::size_t begin, std::size_t end, double* out) {
        for (std::size_t i = begin; i < end; ++i) {
          if (weight_[i] == 0) continue;
          const double fall = s.end ? (s.end->same[i] - s.begin->same[i]) / width : fall_of_same_[i];
          const double same = s.begin->same[i] + from_begin * fall;
          // B is at least b times its nearest distance, which is one of its terms, and falls everywhere.
          double other = b * fall_of_other_[i], slope = fall_of_other_[i];
          const auto raise = [&](double value, double with) {
            if (!(value > other)) return;
            other = value;
            slope = with;
          };
          const double at_begin = s.begin->other[i];
          if (s.begin->b == 0) {
            raise(at_begin + b * slope_at_zero_[i], slope_at_zero_[i]);
          } else if (s.before) {
            const double line = (at_begin - s.before->other[i]) / before - spoilt_before;
            raise(at_begin + from_begin * line, line);
          }
          if (s.end) {
            const double at_end = s.end->other[i];
            const double line = s.after ? (s.after->other[i] - at_end) / after + spoilt_after : rise_of_other_[i];
            raise(at_end - to_end * line, line);
          }
          const double g = other - same;
          if (g < -60) continue;  // less than 1e-26: a bound from below may leave it out
          const double e = std::exp(-std::abs(g));
          if (!known) out[0] += weight_[i] * (std::max(g, 0.) + std::log1p(e));
          out[1] += weight_[i] * (g > 0 ? 1 / (1 + e) : e / (1 + e)) * (slope - fall);
        }
      });
  return {known ? known->loss : sums[0], sums[1]};
}

std::optional<double> LossBound::dip(std::size_t k, double low, double high, double target) const {
  const Stretch s = stretch(k);
  low = std::max(low, s.begin->b);
  if (s.end) high = std::min(high, s.end->b);
  if (!(low <= high)) return {};
  target += 4 * std::max(s.begin->error, s.end ? s.end->error : 0);
  At left = evaluate(s, low);
  if (left.value < target) return low;
  if (left.slope >= 0) return {};
  At right = evaluate(s, high);
  if (right.value < target) return high;
  if (right.slope <= 0) return {};
  for (int round = 0; round < 60; ++round) {
    // Where the tangents at both sides meet, nothing between is lower.
    const double b = (right.value - left.value + left.slope * low - right.slope * high) / (left.slope - right.slope);
    const double least = left.value + left.slope * (b - low);
    if (least >= target) return {};
    if (!(b > low && b < high)) return (low + high) / 2;
    const At at = evaluate(s, b);
    if (at.value < target) return b;
    if (at.slope == 0) return {};
    if (at.slope < 0) {
      low = b;
      left = at;
    } else {
      high = b;
      right = at;
    }
  }
  return (low + high) / 2;
}

}  // namespace snnl::engine
