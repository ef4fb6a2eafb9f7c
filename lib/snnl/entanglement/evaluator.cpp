#include "snnl/entanglement/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

#include "snnl/entanglement/middle_shift.hpp"
#include "snnl/entanglement/near_rows.hpp"
#include "snnl/entanglement/rounding.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/entanglement/tile_passes.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/product/packed/packed.hpp"

namespace snnl::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Where passes leave it open which temperature is the best, that is worth so many times
/// EntanglementOptions::exact_pairs.
constexpr std::size_t bearable = 16;

bool are_few(const Points& points, const Queries& queries, const EntanglementOptions& options) {
  return options.precision != Precision::single && queries.size() * points.size() <= options.exact_pairs;
}

std::vector<std::size_t> numbers_below(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
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
      threads_(parallel::thread_count(options.threads)),
      memory_(memory),
      makers_(makers),
      nearest_(std::in_place, points, queries,
               are_few(points, queries, options) ? points.rows(makers.rows, queries.rows()).norms()
               : precision_ == Precision::twice  ? tiles<double>().norms()
                                                 : tiles<float>().norms(),
               threads_, makers.rows),
      judged_(points, queries, nearest_->norms(), precision_ == Precision::automatic, threads_, makers.judge) {
  if (are_few(points, queries, options)) all_rows_.emplace(points, queries.rows(), threads_, makers.rows);
}

bool LossEvaluator::become_exact() {
  const std::size_t pairs = queries_.size() * points_.size();
  if (few() || precision_ == Precision::single) return false;
  if (pairs / bearable > exact_pairs_ || pairs * sizeof(double) > memory_.keep)
    return false;  // in place of tiles that are kept
  single_.reset();
  double_.reset();
  all_rows_.emplace(points_, queries_.rows(), threads_, makers_.rows);
  nearest_.emplace(points_, queries_, points_.rows(makers_.rows, queries_.rows()).norms(), threads_, makers_.rows);
  bound_.reset();
  return true;
}

double LossEvaluator::shift_for(double lowest_temperature) {
  std::vector<double> same;
  for (const Nearest& nearest : judged_.sample_nearest()) same.push_back(nearest.same);
  return middle_shift(std::move(same), lowest_temperature);
}

bool LossEvaluator::float_may_do(double temperature) const {
  if (precision_ != Precision::automatic) return precision_ == Precision::single;
  // Rounding moves a distance by about float_epsilon times the norms, which are about half the mean distance.
  return temperature > float_floor_ && float_epsilon * points_.mean_distance() / temperature < 1e-3;
}

template <class Real>
Profile LossEvaluator::make(const std::vector<double>& temperatures, Grouping grouping) {
  constexpr bool in_float = std::is_same_v<Real, float>;
  const double shift = shift_for(*std::min_element(temperatures.begin(), temperatures.end()));
  std::vector<Nearest> found = nearest_->distances();
  const WeightSums sums = weight_sums_pass<Real>(tiles<Real>(), temperatures, shift, grouping, found);
  ++passes_;
  if (!nearest_->is_known()) nearest_->take(found, in_float, judged_.sampled());
  return make_profile<Real>(points_, queries_, sums, temperatures, shift, nearest_->offsets(),
                            in_float ? nearest_->outlying() : nearest_->delicate_at(temperatures), threads_);
}

Profile LossEvaluator::make_exact(const std::vector<double>& temperatures) {
  if (!nearest_->is_known()) nearest_->take(all_rows_->nearest(), false, judged_.sampled());
  ++passes_;
  Profile out;
  out.in_double = true;
  out.temperatures = temperatures;
  out.losses = all_rows_->losses(temperatures, queries_.size(), &out.log_masses, nearest_->offsets());
  for (double& loss : out.losses) loss = std::isnan(loss) ? 0 : loss;
  for (std::size_t t = 0; t < temperatures.size(); ++t) {
    out.octaves.push_back(std::log2(temperatures[t]));
    out.means.push_back(mean_over_scored(points_, queries_, out.losses.data() + t * queries_.size()));
  }
  return out;
}

void LossEvaluator::find_nearest() {
  if (nearest_->is_known() || few()) return;
  const bool in_float = precision_ != Precision::twice;
  nearest_->take(in_float ? nearest_pass(tiles<float>()) : nearest_pass(tiles<double>()), in_float, judged_.sampled());
  ++passes_;
}

double LossEvaluator::float_error(const double* losses, double temperature) const {
  if (precision_ == Precision::single) return 0;
  return snnl::engine::float_error(points_, queries_, judged_, *nearest_, losses, temperature);
}

/// Says how good each temperature is, and tells the bound.
void LossEvaluator::judge(Profile& profile) {
  if (!bound_)
    bound_.emplace(points_, queries_, nearest_->offsets(), nearest_->norms(), nearest_->all(), threads_for_rows());
  const std::size_t n = queries_.size(), count = profile.temperatures.size();
  // Of few samples that would cost as much as a seventh more: only where the maker is not our own.
  const bool checked = few() ? &makers_.rows != &product::packed<double>() : profile.in_double;
  if (checked || (!profile.in_double && precision_ != Precision::single)) judged_.evaluate(profile.temperatures);
  profile.errors.assign(count, 0.);
  parallel::run_parallel(count, threads_for_rows(), [&](std::size_t t, std::size_t) {
    const double* losses = profile.losses.data() + t * n;
    if (checked && are_wrong(judged_, *nearest_, losses, profile.temperatures[t]))
      throw product::WrongProducts((few() ? makers_.rows : makers_.twice).name);
    profile.errors[t] = profile.in_double
                            ? snnl::engine::double_error(points_, queries_, *nearest_, losses, profile.temperatures[t])
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

Profile LossEvaluator::profile(const std::vector<double>& temperatures, std::size_t nodes, bool in_double) {
  const bool by_class = sums_by_class(nodes, points_.classes(), points_.size(), queries_.size());
  const Grouping grouping = by_class ? Grouping::by_class : Grouping::by_sameness;
  if (grouping == Grouping::by_sameness) keep_tiles();  // for the class similarity
  Profile out = in_double ? make<double>(temperatures, grouping) : make<float>(temperatures, grouping);
  judge(out);
  out.keep_first(nodes, points_.classes());
  return out;
}

PointDetails LossEvaluator::details(const Profile& profile, double temperature) {
  const std::vector<std::size_t> unsafe =
      interpolation_error(points_, queries_, profile, temperature, threads_for_rows()).unsafe;
  PointDetails out = interpolate(points_, queries_, profile, temperature, unsafe, threads_);
  out.in_double = profile.in_double;
  if (!out.class_similarity.empty()) return out;
  const double shift = shift_for(temperature);
  const std::vector<double> share = inverse_masses(profile, nearest_->offsets(), temperature, shift, unsafe);
  out.class_similarity = profile.in_double
                             ? class_pass<double>(tiles<double>(), temperature, shift, share, nearest_->distances())
                             : class_pass<float>(tiles<float>(), temperature, shift, share, nearest_->distances());
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
  std::vector<std::size_t> of_some, in_float, in_double;
  double highest = 0;
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (takes_few_rows(temperatures[k])) {
      of_some.push_back(k);
      highest = std::max(highest, temperatures[k]);
    } else if (float_may_do(temperatures[k])) {
      in_float.push_back(k);
    }
  }
  run(of_some, [&](const auto& chosen) { return make_of_some(chosen, rows_that_matter(highest)); });
  run(in_float, [&](const auto& chosen) { return make<float>(chosen, Grouping::by_sameness); });
  for (std::size_t k = 0; k < temperatures.size(); ++k) {
    if (std::isnan(out[k].loss)) in_double.push_back(k);
  }
  run(in_double, [&](const auto& chosen) { return make<double>(chosen, Grouping::by_sameness); });
  return out;
}

bool LossEvaluator::few_are_near(double temperature) {
  constexpr std::size_t most = 16;  // of a row, in the mean
  if (!nearest_->is_known()) return false;
  const std::vector<std::size_t> counts = judged_.sample_within(near_window(temperature));
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0}) <= most * counts.size();
}

template <class Real>
PointDetails LossEvaluator::all_details(double temperature) {
  if (few_are_near(temperature)) {
    ++passes_;
    const bool in_float = std::is_same_v<Real, float>;
    return near_details(tiles<Real>(), nearest_->distances(), temperature,
                        in_float ? nearest_->outlying() : nearest_->delicate_at({temperature}), threads_);
  }
  const std::size_t n = queries_.size();
  const double shift = shift_for(temperature);
  keep_tiles();
  const std::vector<RowMass> masses = mass_pass<Real>(tiles<Real>(), temperature, shift, nearest_->distances());
  PointDetails out;
  out.in_double = std::is_same_v<Real, double>;
  out.losses.assign(n, nan);
  std::vector<std::size_t> redo;
  const std::vector<char> exact =
      std::is_same_v<Real, float> || !nearest_->is_known() ? std::vector<char>{} : nearest_->delicate_at({temperature});
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
  out.class_similarity = class_pass<Real>(tiles<Real>(), temperature, shift, share, nearest_->distances());
  passes_ += 2;
  set_exact_rows(points_, queries_, redo, temperature, threads_, out.losses, effective, out.class_similarity);
  out.effective_neighbors = mean_over_all(points_, queries_, effective);
  normalise_rows(out.class_similarity, points_.classes());
  return out;
}

PointDetails LossEvaluator::exact_details(double temperature) {
  const std::size_t n = queries_.size();
  PointDetails out;
  out.in_double = true;
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
    judged_.evaluate({temperature});
    const double mean = mean_over_scored(points_, queries_, out.losses.data());
    if (is_good(mean, float_error(out.losses.data(), temperature))) return out;
    avoid_float(temperature);
  }
  // What is made by others is held against the judged rows, which takes a pass: no search has done so at a given
  // temperature.
  const bool others =
      few() ? &makers_.rows != &product::packed<double>() : &makers_.twice != &product::packed<double>();
  if (others && precision_ != Precision::single) evaluate({temperature});
  return few() ? exact_details(temperature) : all_details<double>(temperature);
}

}  // namespace snnl::engine
