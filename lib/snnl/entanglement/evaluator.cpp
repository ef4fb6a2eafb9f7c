#include "snnl/entanglement/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <type_traits>

#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/entanglement/tile_passes.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/product/packed/packed.hpp"

namespace snnl {
namespace {

constexpr std::size_t sample_rows = 64;
constexpr std::size_t extreme_rows = 8;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double float_epsilon = 0x1p-24, double_epsilon = 0x1p-53;
constexpr double extended_epsilon = std::numeric_limits<long double>::epsilon() / 2;
/// Where passes leave it open which temperature is the best, that is worth so many times
/// EntanglementOptions::exact_pairs.
constexpr std::size_t bearable = 16;
/// More temperatures than one pass takes are not kept.
constexpr std::size_t most_checked = 24;

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

bool are_few(const Points& points, const Queries& queries, const EntanglementOptions& options) {
  return options.precision != Precision::single && queries.size() * points.size() <= options.exact_pairs;
}

std::vector<std::size_t> numbers_below(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

std::vector<std::size_t> joined(std::vector<std::size_t> a, const std::vector<std::size_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
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
    chosen.emplace(
        points_, queries_, threads_, [this]() -> const auto& {
          if constexpr (wide)
            return makers_.twice;
          else
            return makers_.single;
        }());
  }
  if (keep_) chosen->keep(memory_.keep);
  return *chosen;
}

LossEvaluator::LossEvaluator(const Points& points, const Queries& queries, const EntanglementOptions& options,
                             const MemoryPlan& memory, const EvaluatorMakers& makers)
    : points_(points),
      queries_(queries),
      precision_(options.precision),
      exact_pairs_(options.exact_pairs),
      threads_(thread_count(options.threads)),
      memory_(memory),
      makers_(makers),
      scored_(count_scored(points.class_sizes())),
      norms_(are_few(points, queries, options) ? points.rows(makers.rows, queries.rows()).norms()
             : precision_ == Precision::twice  ? tiles<double>().norms()
                                               : tiles<float>().norms()),
      sampled_(stratified(queries.size(), sample_rows)),
      extreme_(precision_ == Precision::automatic ? largest(norms_, extreme_rows) : std::vector<std::size_t>{}),
      sampled_rows_(queries.rows(sampled_)),
      judge_(points, joined(sampled_rows_, queries.rows(extreme_)), threads_, makers.judge) {
  if (are_few(points, queries, options)) all_rows_.emplace(points, queries.rows(), threads_, makers.rows);
  outlying_.assign(queries.size(), 0);
  measure_spreads();
}

bool LossEvaluator::become_exact() {
  const std::size_t pairs = queries_.size() * points_.size();
  if (few() || precision_ == Precision::single) return false;
  if (pairs / bearable > exact_pairs_ || pairs * sizeof(double) > memory_.keep)
    return false;  // in place of tiles that are kept
  single_.reset();
  double_.reset();
  all_rows_.emplace(points_, queries_.rows(), threads_, makers_.rows);
  norms_ = points_.rows(makers_.rows, queries_.rows()).norms();
  outlying_.assign(queries_.size(), 0);
  nearest_.clear();
  bound_.reset();
  measure_spreads();
  used_double_ = true;
  return true;
}

std::vector<double> LossEvaluator::sample_losses(const std::vector<double>& temperatures) {
  const std::size_t count = sampled_rows_.size(), stride = judge_.rows().size();
  if (temperatures.size() > most_checked) return judge_.losses(temperatures, count);
  const std::vector<double>& checked = checked_losses(temperatures);
  std::vector<double> out(temperatures.size() * count);
  for (std::size_t t = 0; t < temperatures.size(); ++t) std::copy_n(&checked[t * stride], count, &out[t * count]);
  return out;
}

/// Of the rows that results are judged by; the last ones are kept, as a pass at temperatures often follows a rehearsal.
const std::vector<double>& LossEvaluator::checked_losses(const std::vector<double>& temperatures) {
  if (temperatures != checked_temperatures_) {
    checked_losses_ = judge_.losses(temperatures);
    checked_temperatures_ = temperatures;
  }
  return checked_losses_;
}

const double* LossEvaluator::checked_losses_at(double temperature) const {
  const auto at = std::find(checked_temperatures_.begin(), checked_temperatures_.end(), temperature);
  return checked_losses_.data() + static_cast<std::size_t>(at - checked_temperatures_.begin()) * judge_.rows().size();
}

/// Of losses in double.
void LossEvaluator::check_products(const double* losses, double temperature) const {
  constexpr double more_than_rounding = 1e-6;
  const double* const checked = checked_losses_at(temperature);
  for (std::size_t k = 0; k < sampled_.size(); ++k) {
    const std::size_t i = sampled_[k];
    if (std::isnan(checked[k]) || delicate_[i]) continue;
    if (std::abs(losses[i] - checked[k]) <= more_than_rounding * std::max(1., checked[k])) continue;
    throw Error("", std::string("products by ")
                        .append((few() ? makers_.rows : makers_.twice).name)
                        .append(" are wrong on this processor; let others make them: SNNL_PRODUCTS=plain"));
  }
}

/// The middle of the range of exp is put where most rows have their nearest neighbour of the own class.
double LossEvaluator::shift_for(double lowest_temperature) {
  std::vector<double> same;
  for (const Nearest& nearest : judge_.nearest(sampled_rows_.size())) {
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

/// The norms of a query and its nearest neighbours together, |x_j| <= |x_i| + |x_i - x_j|; where these are not known,
/// none is farther than the sample of the least norm.
void LossEvaluator::measure_spreads() {
  const double least_norm = *std::min_element(norms_.begin(), norms_.end());
  spread_.resize(queries_.size());
  for (std::size_t i = 0; i < queries_.size(); ++i) {
    const double length = std::sqrt(norms_[i]);
    const double any = std::pow(length + std::sqrt(least_norm), 2);
    const Nearest nearest = nearest_.empty() ? Nearest{any, any} : nearest_[i].nearest;
    double farther = 0;
    for (const double d : {nearest.same, nearest.other}) farther = std::max(farther, std::isfinite(d) ? d : 0);
    spread_[i] = norms_[i] + std::pow(length + std::sqrt(farther), 2);
  }
}

double LossEvaluator::float_error(const double* losses, double temperature) const {
  if (precision_ == Precision::single) return 0;
  const double* const exact = checked_losses_at(temperature);
  // What rounding does to a row: a share that other classes have in its neighbourhood, of what moves its distances.
  const auto sensitivity = [&](std::size_t i) { return -std::expm1(-losses[i]) * spread_[i]; };
  struct Sums {
    double errors = 0, sum = 0, sensitivities = 0, count = 0;
  };
  const auto squares = [&](const std::vector<std::size_t>& queries, const double* of_queries) {
    Sums sums;
    for (std::size_t k = 0; k < queries.size(); ++k) {
      if (std::isnan(of_queries[k])) continue;
      sums.errors += std::pow(losses[queries[k]] - of_queries[k], 2);
      sums.sum += losses[queries[k]] - of_queries[k];
      sums.sensitivities += std::pow(sensitivity(queries[k]), 2);
      ++sums.count;
    }
    return sums;
  };
  const Sums of_sample = squares(sampled_, exact), of_extremes = squares(extreme_, exact + sampled_.size());
  double of_rows = 0, error = 0;
  if (of_sample.count > 0) {
    of_rows = std::sqrt(of_sample.errors / of_sample.count);
    // Four standard errors of the mean beyond it: what rounding does to one row has little to do with what it does to
    // others.
    error = std::abs(of_sample.sum) / of_sample.count + 4 * of_rows / std::sqrt(of_sample.count);
  }
  error = std::max(error, std::sqrt(of_extremes.errors * of_extremes.count) / static_cast<double>(scored_));
  // A sample without rows that rounding could harm says nothing of those that it could.
  constexpr double usual = .25;
  double rate = usual * float_epsilon / temperature;
  if (of_sample.sensitivities > 0) rate = std::max(rate, std::sqrt(of_sample.errors / of_sample.sensitivities));
  std::vector<double> expected(queries_.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = outlying_[i] || std::isnan(losses[i]) ? 0 : rate * sensitivity(i);
  }
  of_rows = std::max(of_rows, mean_over_scored(points_, queries_, expected.data()));
  // Of single rows twice as much is promised as of their mean.
  return std::max(error, of_rows / 2);
}

/// Rows of which rounding could change more than a little are done in extended precision.
double LossEvaluator::double_error(const double* losses, double temperature) const {
  constexpr double little = 1e-7;
  std::vector<double> expected(queries_.size(), 0.);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Nearest& nearest = nearest_[i].nearest;
    if (std::isnan(losses[i]) || losses[i] == 0) continue;
    const double spread = spread_of(norms_[i], nearest);
    const bool extended = is_low(temperature, spread) && is_delicate(nearest, spread);
    // In extended precision all distances come from differences.
    const double rounding =
        4 / temperature *
        (extended ? extended_epsilon * std::max(nearest.same, nearest.other) : double_epsilon * spread);
    expected[i] =
        -std::expm1(-losses[i]) * (extended ? rounding : std::min(rounding, little * std::max(1., losses[i])));
  }
  return mean_over_scored(points_, queries_, expected.data());
}

void LossEvaluator::take_nearest(const std::vector<Nearest>& found, bool in_float) {
  const double epsilon = in_float ? float_epsilon : double_epsilon;
  nearest_.resize(found.size());
  offsets_.resize(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    nearest_[i] = {found[i], 0, found[i].same - found[i].other, 0};
    offsets_[i] = std::min(found[i].same, found[i].other);
  }
  measure_spreads();
  for (std::size_t i = 0; i < found.size(); ++i) {
    nearest_[i].margin = 16 * epsilon * (in_float ? spread_[i] : spread_of(norms_[i], found[i]));
    nearest_[i].gap_margin = 2 * nearest_[i].margin;
  }
  if (in_float) {
    mark_outlying();
    std::vector<std::size_t> doubtful;
    for (std::size_t i = 0; i < found.size(); ++i) {
      // Rounding may have turned round which of two close distances is the smaller.
      const bool close = std::abs(nearest_[i].gap) <= nearest_[i].gap_margin;
      if ((close && std::isfinite(found[i].same)) || outlying_[i]) doubtful.push_back(i);
    }
    const std::vector<Nearest> settled = ExactRows(points_, queries_.rows(doubtful), threads_, makers_.rows).nearest();
    for (std::size_t k = 0; k < doubtful.size(); ++k) {
      const double margin = 16 * double_epsilon * spread_of(norms_[doubtful[k]], settled[k]);
      nearest_[doubtful[k]] = {settled[k], margin, settled[k].same - settled[k].other, 2 * margin};
    }
  }
  settle_delicate();
}

/// Ties in double may be none.
void LossEvaluator::settle_delicate() {
  std::vector<std::size_t> delicate;
  delicate_.assign(nearest_.size(), 0);
  for (std::size_t i = 0; i < nearest_.size(); ++i) {
    const double spread = spread_of(norms_[i], nearest_[i].nearest);
    delicate_[i] = is_delicate(nearest_[i].nearest, spread) ? 1 : 0;
    if (delicate_[i] && std::abs(nearest_[i].gap) <= nearest_[i].gap_margin) delicate.push_back(i);
  }
  const std::vector<double> gaps = ExactRows(points_, queries_.rows(delicate), threads_, makers_.rows).extended_gaps();
  for (std::size_t k = 0; k < delicate.size(); ++k) {
    BoundedNearest& row = nearest_[delicate[k]];
    row.gap = gaps[k];
    row.gap_margin = gaps[k] == 0 ? 0 : 32 * extended_epsilon * spread_of(norms_[delicate[k]], row.nearest);
  }
}

void LossEvaluator::mark_outlying() {
  double most = 0;
  for (const std::size_t i : sampled_) most = std::max(most, spread_[i]);
  std::size_t count = 0;
  for (std::size_t i = 0; i < outlying_.size(); ++i) {
    outlying_[i] = spread_[i] > 2 * most ? 1 : 0;
    count += spread_[i] > 2 * most ? 1 : 0;
  }
  // Too many to be done by themselves: how float does is then told by what it may do to each.
  if (count > outlying_.size() / 16) outlying_.assign(outlying_.size(), 0);
}

template <class Real>
Profile LossEvaluator::make(const std::vector<double>& temperatures, Grouping grouping) {
  constexpr bool in_float = std::is_same_v<Real, float>;
  const double shift = shift_for(*std::min_element(temperatures.begin(), temperatures.end()));
  std::vector<Nearest> found;
  const WeightSums sums =
      weight_sums_pass<Real>(tiles<Real>(), temperatures, shift, grouping, nearest_.empty() ? &found : nullptr);
  ++passes_;
  if (nearest_.empty()) take_nearest(found, in_float);
  return make_profile<Real>(points_, queries_, sums, temperatures, shift, offsets_,
                            in_float ? outlying_ : delicate_at(temperatures), threads_);
}

/// [queries] those that double does not do for, at the lowest of some temperatures.
std::vector<char> LossEvaluator::delicate_at(const std::vector<double>& temperatures) const {
  const double lowest = *std::min_element(temperatures.begin(), temperatures.end());
  std::vector<char> out = delicate_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] && !is_low(lowest, spread_of(norms_[i], nearest_[i].nearest))) out[i] = 0;
  }
  return out;
}

Profile LossEvaluator::make_exact(const std::vector<double>& temperatures) {
  if (nearest_.empty()) take_nearest(all_rows_->nearest(), false);
  ++passes_;
  Profile out;
  out.in_double = true;
  out.temperatures = temperatures;
  out.losses = all_rows_->losses(temperatures, queries_.size(), &out.log_masses, offsets_);
  for (double& loss : out.losses) loss = std::isnan(loss) ? 0 : loss;
  for (std::size_t t = 0; t < temperatures.size(); ++t) {
    out.octaves.push_back(std::log2(temperatures[t]));
    out.means.push_back(mean_over_scored(points_, queries_, out.losses.data() + t * queries_.size()));
  }
  return out;
}

/// Says how good each temperature is, and tells the bound.
void LossEvaluator::judge(Profile& profile) {
  if (!bound_) bound_.emplace(points_, queries_, offsets_, norms_, nearest_, threads_for_rows());
  const std::size_t n = queries_.size(), count = profile.temperatures.size();
  // Of few samples that would cost as much as a seventh more: only where the maker is not our own.
  const bool checked = few() ? &makers_.rows != &product::packed<double>() : profile.in_double;
  if (checked || (!profile.in_double && precision_ != Precision::single)) checked_losses(profile.temperatures);
  profile.errors.assign(count, 0.);
  run_parallel(count, threads_for_rows(), [&](std::size_t t, std::size_t) {
    const double* losses = profile.losses.data() + t * n;
    if (checked) check_products(losses, profile.temperatures[t]);
    profile.errors[t] = profile.in_double ? double_error(losses, profile.temperatures[t])
                                          : float_error(losses, profile.temperatures[t]);
  });
  std::vector<LossBound::Known> known;
  for (std::size_t t = 0; t < count; ++t) {
    const double at = profile.temperatures[t];
    if (is_good(profile.means[t], profile.errors[t])) {
      known.push_back({at, profile.losses.data() + t * n, profile.log_masses.data() + t * n, profile.errors[t]});
    } else if (!profile.in_double) {
      avoid_float(at);
    }
  }
  bound_->add(known);
}

Profile LossEvaluator::profile(const std::vector<double>& temperatures, bool in_double) {
  const bool by_class = sums_by_class(temperatures.size() - 1, points_.classes(), points_.size(), queries_.size());
  const Grouping grouping = by_class ? Grouping::by_class : Grouping::by_sameness;
  if (grouping == Grouping::by_sameness) expect_more_passes();  // of the class similarity
  Profile out = in_double ? make<double>(temperatures, grouping) : make<float>(temperatures, grouping);
  judge(out);
  out.drop_last(points_.classes());
  return out;
}

PointDetails LossEvaluator::details(const Profile& profile, double temperature) {
  used_double_ |= profile.in_double;
  const std::vector<std::size_t> unsafe =
      interpolation_error(points_, queries_, profile, temperature, threads_for_rows()).unsafe;
  PointDetails out = interpolate(points_, queries_, profile, temperature, unsafe, threads_);
  if (!out.class_similarity.empty()) return out;
  const double shift = shift_for(temperature);
  const std::vector<double> share = inverse_masses(profile, offsets_, temperature, shift, unsafe);
  out.class_similarity = profile.in_double ? class_pass<double>(tiles<double>(), temperature, shift, share)
                                           : class_pass<float>(tiles<float>(), temperature, shift, share);
  ++passes_;
  std::vector<double> effective(queries_.size());
  set_exact_rows(points_, queries_, unsafe, temperature, threads_, out.losses, effective, out.class_similarity);
  normalise_rows(out.class_similarity, points_.classes());
  return out;
}

std::vector<LossAt> LossEvaluator::evaluate(const std::vector<double>& temperatures) {
  std::vector<LossAt> out;
  for (const double t : temperatures) out.push_back({t, nan, 0});
  const auto run = [&](const std::vector<std::size_t>& which, const auto& make_at) {
    if (which.empty()) return;
    std::vector<double> chosen;
    for (const std::size_t k : which) chosen.push_back(temperatures[k]);
    Profile found = make_at(chosen);
    judge(found);
    for (std::size_t q = 0; q < which.size(); ++q) {
      if (found.in_double || is_good(found.means[q], found.errors[q])) {
        out[which[q]] = {chosen[q], found.means[q], found.errors[q]};
      }
    }
  };
  if (few()) {
    run(numbers_below(temperatures.size()), [&](const auto& chosen) { return make_exact(chosen); });
    return out;
  }
  std::vector<std::size_t> in_float, in_double;
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (float_may_do(temperatures[k])) in_float.push_back(k);
  }
  run(in_float, [&](const auto& chosen) { return make<float>(chosen, Grouping::by_sameness); });
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (std::isnan(out[k].loss)) in_double.push_back(k);
  }
  run(in_double, [&](const auto& chosen) { return make<double>(chosen, Grouping::by_sameness); });
  return out;
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
  const std::vector<char> exact =
      std::is_same_v<Real, float> || nearest_.empty() ? std::vector<char>{} : delicate_at({temperature});
  std::vector<double> share(n, 0.), effective(n);
  for (std::size_t i = 0; i < n; ++i) {
    const RowMass& mass = masses[i];
    if (!mass.trusted || (!exact.empty() && exact[i])) {
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

PointDetails LossEvaluator::exact_details(double temperature) {
  const std::size_t n = queries_.size();
  PointDetails out;
  out.losses.assign(n, nan);
  out.class_similarity.assign(points_.classes() * points_.classes(), 0.);
  std::vector<double> effective(n);
  set_exact_rows(points_, queries_, numbers_below(n), temperature, threads_, out.losses, effective,
                 out.class_similarity);
  ++passes_;
  out.effective_neighbors = mean_over_all(points_, queries_, effective);
  normalise_rows(out.class_similarity, points_.classes());
  return out;
}

PointDetails LossEvaluator::details(double temperature) {
  if (float_may_do(temperature) && !few()) {
    PointDetails out = all_details<float>(temperature);
    if (precision_ == Precision::single) return out;
    checked_losses({temperature});
    const double mean = mean_over_scored(points_, queries_, out.losses.data());
    if (is_good(mean, float_error(out.losses.data(), temperature))) return out;
    avoid_float(temperature);
  }
  used_double_ = true;
  return few() ? exact_details(temperature) : all_details<double>(temperature);
}

}  // namespace snnl
