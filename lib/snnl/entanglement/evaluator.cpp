#include "snnl/entanglement/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <type_traits>

#include "snnl/entanglement/softplus.hpp"
#include "snnl/entanglement/tile_passes.hpp"

namespace snnl {
namespace {

constexpr std::size_t sample_rows = 64;
constexpr std::size_t extreme_rows = 8;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double float_epsilon = 0x1p-24;

/// A fixed sequence of well-mixed bits (the finaliser of SplitMix64): sampling must not differ between runs.
double uniform_of(std::uint64_t k) {
  std::uint64_t z = (k + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// One row from each of `count` equal stretches of the rows, which are ordered by class.
std::vector<std::size_t> stratified(std::size_t n, std::size_t count) {
  std::vector<std::size_t> rows(std::min(n, count));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const double at =
        (static_cast<double>(k) + uniform_of(k)) * static_cast<double>(n) / static_cast<double>(rows.size());
    rows[k] = rows.size() == n ? k : std::min(n - 1, static_cast<std::size_t>(at));
  }
  return rows;
}

std::vector<std::size_t> largest(const std::vector<double>& norms, std::size_t count) {
  std::vector<std::size_t> rows(norms.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  count = std::min(count, rows.size());
  std::partial_sort(
      rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(),
      [&](std::size_t a, std::size_t b) { return norms[a] > norms[b] || (norms[a] == norms[b] && a < b); });
  rows.resize(count);
  return rows;
}

std::vector<std::size_t> joined(std::vector<std::size_t> a, const std::vector<std::size_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::size_t count_scored(const Points& points) {
  std::size_t scored = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    if (points.class_size(c) > 1) scored += points.class_size(c);
  }
  return scored;
}

}  // namespace

template <class Real>
Tiles<Real>& LossEvaluator::tiles() {
  constexpr bool wide = std::is_same_v<Real, double>;
  auto& chosen = [this]() -> auto& {
    if constexpr (wide)
      return double_;
    else
      return single_;
  }
  ();
  if (!chosen) {
    single_.reset();
    double_.reset();
    chosen.emplace(points_, queries_, threads_);
  }
  if (keep_) chosen->keep(memory_.keep);
  return *chosen;
}

LossEvaluator::LossEvaluator(const Points& points, const Queries& queries, Precision precision, std::size_t threads,
                             const MemoryPlan& memory)
    : points_(points),
      queries_(queries),
      precision_(precision),
      threads_(threads),
      memory_(memory),
      scored_(count_scored(points)),
      sampled_(stratified(queries.size(), sample_rows)),
      extreme_(precision == Precision::automatic ? largest(tiles<float>().norms(), extreme_rows)
                                                 : std::vector<std::size_t>{}),
      sampled_rows_(queries.rows(sampled_)),
      exact_(points, joined(sampled_rows_, queries.rows(extreme_)), threads) {}

std::vector<double> LossEvaluator::sample_losses(const std::vector<double>& temperatures) {
  return exact_.losses(temperatures, sampled_rows_.size());
}

/// The middle of the range of exp is put where most rows have their nearest neighbour of the own class.
double LossEvaluator::shift_for(double lowest_temperature) {
  std::vector<double> same;
  for (const Nearest& nearest : exact_.nearest(sampled_rows_.size())) {
    if (std::isfinite(nearest.same)) same.push_back(nearest.same);
  }
  if (same.empty()) return 0;
  const auto middle = same.begin() + static_cast<std::ptrdiff_t>(same.size() / 2);
  std::nth_element(same.begin(), middle, same.end());
  // With the nearest at zero already inside the range there is no reason to move.
  return *middle < 20 * lowest_temperature ? 0 : *middle + 10 * lowest_temperature;
}

bool LossEvaluator::float_may_do(double temperature) const {
  if (precision_ != Precision::automatic) return precision_ == Precision::single;
  // Rounding moves a distance by about float_epsilon times the norms, which are about half the mean distance.
  return temperature > float_floor_ && float_epsilon * points_.mean_distance() / temperature < 1e-3;
}

bool LossEvaluator::float_did(const double* losses, double mean, double temperature) {
  if (precision_ == Precision::single) return true;
  const std::vector<double> exact = exact_.losses({temperature}, exact_.rows().size());
  const auto error_squares = [&](const std::vector<std::size_t>& queries, const double* of_queries,
                                 std::size_t& count) {
    double squares = 0;
    for (std::size_t k = 0; k < queries.size(); ++k) {
      if (std::isnan(of_queries[k])) continue;
      squares += std::pow(losses[queries[k]] - of_queries[k], 2);
      ++count;
    }
    return squares;
  };
  const double bound = tolerance * std::max(1., mean);
  std::size_t sampled = 0, extreme = 0;
  const double of_sample = error_squares(sampled_, exact.data(), sampled);
  const double of_extremes = error_squares(extreme_, exact.data() + sampled_.size(), extreme);
  const bool good = of_sample <= bound * bound * static_cast<double>(sampled) &&
                    std::sqrt(of_extremes * static_cast<double>(extreme)) <= bound * static_cast<double>(scored_);
  if (!good) float_floor_ = std::max(float_floor_, temperature);
  return good;
}

template <class Real>
Profile LossEvaluator::make(const std::vector<double>& temperatures, Grouping grouping) {
  const double shift = shift_for(*std::min_element(temperatures.begin(), temperatures.end()));
  const bool first = nearest_.empty();
  nearest_in_float_ |= first && std::is_same_v<Real, float>;
  const WeightSums sums =
      weight_sums_pass<Real>(tiles<Real>(), temperatures, shift, grouping, first ? &nearest_ : nullptr);
  ++passes_;
  if (!nearest_settled_) settle_nearest();
  return make_profile<Real>(points_, queries_, sums, temperatures, shift, nearest_, threads_);
}

Profile LossEvaluator::profile(const std::vector<double>& temperatures, bool in_double) {
  const bool by_class = sums_by_class(temperatures.size(), points_.classes(), points_.size(), queries_.size());
  const Grouping grouping = by_class ? Grouping::by_class : Grouping::by_sameness;
  if (grouping == Grouping::by_sameness) expect_more_passes();  // of the class similarity
  return in_double ? make<double>(temperatures, grouping) : make<float>(temperatures, grouping);
}

bool LossEvaluator::is_good(const Profile& profile, std::size_t t) {
  return profile.in_double ||
         float_did(profile.losses.data() + t * queries_.size(), profile.means[t], profile.temperatures[t]);
}

PointDetails LossEvaluator::details(const Profile& profile, double temperature) {
  used_double_ |= profile.in_double;
  PointDetails out = interpolate(points_, queries_, profile, temperature, threads_);
  if (!out.class_similarity.empty()) return out;
  const double shift = shift_for(temperature);
  const std::vector<double> share = inverse_masses(profile, nearest_, temperature, shift);
  out.class_similarity = profile.in_double ? class_pass<double>(tiles<double>(), temperature, shift, share)
                                           : class_pass<float>(tiles<float>(), temperature, shift, share);
  ++passes_;
  std::vector<double> effective(queries_.size());
  set_exact_rows(points_, queries_, profile.unsafe, temperature, threads_, out.losses, effective, out.class_similarity);
  normalise_rows(out.class_similarity, points_.classes());
  return out;
}

std::vector<LossAt> LossEvaluator::evaluate(const std::vector<double>& temperatures) {
  std::vector<LossAt> out;
  for (const double t : temperatures) out.push_back({t, nan});
  const auto run = [&]<class Real>(const std::vector<std::size_t>& which, const Real&) {
    if (which.empty()) return;
    std::vector<double> chosen;
    for (const std::size_t k : which) chosen.push_back(temperatures[k]);
    const Profile found = make<Real>(chosen, Grouping::by_sameness);
    for (std::size_t q = 0; q < which.size(); ++q) {
      if (is_good(found, q)) out[which[q]].loss = found.means[q];
    }
  };
  std::vector<std::size_t> in_float, in_double;
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (float_may_do(temperatures[k])) in_float.push_back(k);
  }
  run(in_float, float{});
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (std::isnan(out[k].loss)) in_double.push_back(k);
  }
  run(in_double, double{});
  return out;
}

const std::vector<Nearest>& LossEvaluator::nearest() {
  if (nearest_.empty()) evaluate({points_.mean_distance()});
  if (!nearest_settled_) settle_nearest();
  return nearest_;
}

/// Rounding in float may have turned round which of two close distances is the smaller.
void LossEvaluator::settle_nearest() {
  nearest_settled_ = true;
  if (!nearest_in_float_) return;
  const std::vector<double>& norms = single_->norms();
  std::vector<std::size_t> doubtful;
  for (std::size_t i = 0; i < queries_.size(); ++i) {
    const auto [same, other] = nearest_[i];
    if (!std::isfinite(same) || !std::isfinite(other)) continue;
    // |x_j| <= |x_i| + |x_i - x_j| bounds the norm of either neighbour.
    const double reach = std::pow(std::sqrt(norms[i]) + std::sqrt(std::max(same, other)), 2);
    if (std::abs(same - other) <= 16 * float_epsilon * (norms[i] + reach)) doubtful.push_back(i);
  }
  const std::vector<Nearest> settled = ExactRows(points_, queries_.rows(doubtful), threads_).nearest();
  for (std::size_t k = 0; k < doubtful.size(); ++k) nearest_[doubtful[k]] = settled[k];
}

template <class Real>
PointDetails LossEvaluator::all_details(double temperature) {
  const std::size_t n = queries_.size();
  const double shift = shift_for(temperature);
  expect_more_passes();
  const std::vector<RowMass> masses = mass_pass<Real>(tiles<Real>(), temperature, shift);
  PointDetails out;
  out.losses.assign(n, nan);
  std::vector<std::size_t> redo;
  std::vector<double> share(n, 0.), effective(n);
  for (std::size_t i = 0; i < n; ++i) {
    const RowMass& mass = masses[i];
    if (!mass.trusted) {
      redo.push_back(i);
      continue;
    }
    if (mass.same > 0) out.losses[i] = loss_of(mass.same, mass.other);
    share[i] = 1 / mass.total();
    effective[i] = mass.total() * std::exp2(-mass.moment / mass.total());
  }
  out.class_similarity = class_pass<Real>(tiles<Real>(), temperature, shift, share);
  passes_ += 2;
  set_exact_rows(points_, queries_, redo, temperature, threads_, out.losses, effective, out.class_similarity);
  out.effective_neighbors = mean_over_all(points_, queries_, effective);
  normalise_rows(out.class_similarity, points_.classes());
  return out;
}

PointDetails LossEvaluator::details(double temperature) {
  if (float_may_do(temperature)) {
    PointDetails out = all_details<float>(temperature);
    const double mean = mean_over_scored(points_, queries_, out.losses.data());
    if (float_did(out.losses.data(), mean, temperature)) return out;
  }
  used_double_ = true;
  return all_details<double>(temperature);
}

}  // namespace snnl
