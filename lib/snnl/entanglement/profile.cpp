#include "snnl/entanglement/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <type_traits>

#include "snnl/entanglement/polynomial.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Where leaving out the outermost two temperatures changes a loss by more than this times max(1, l), the polynomial
/// does not follow the row.
constexpr double most_change = 1e-4;

/// [k] interpolation weights without the first and last so many temperatures.
std::vector<double> weights_without(const std::vector<double>& octaves, int first, int last, double at) {
  std::vector<double> out = interpolation_weights({octaves.begin() + first, octaves.end() - last}, at).value;
  out.insert(out.begin(), static_cast<std::size_t>(first), 0.);
  out.insert(out.end(), static_cast<std::size_t>(last), 0.);
  return out;
}

/// Queries [begin, end), of one class, at one temperature: their losses and total weights, and whether these can be
/// trusted.
void read_class(const WeightSums& sums, std::size_t t, std::size_t own, std::size_t begin, std::size_t end, bool scored,
                double* totals, double* losses, char* safe) {
  std::fill(totals + begin, totals + end, 0.);
  for (std::size_t group = 0; group < sums.groups; ++group) {
    if (group == own) continue;
    const double* line = sums.at(t, group);
    for (std::size_t i = begin; i < end; ++i) totals[i] += line[i];
  }
  const double* same = sums.at(t, own);
  for (std::size_t i = begin; i < end; ++i) {
    const double other = totals[i];
    if (sums.doubtful[i] || !in_range(scored ? same[i] : other, other)) safe[i] = 0;
    if (scored) losses[i] = loss_of(same[i], other);
    totals[i] += same[i];
  }
}

}  // namespace

template <class Real>
Profile make_profile(const Points& points, const Queries& queries, const WeightSums& sums,
                     const std::vector<double>& temperatures, double shift, const std::vector<double>& offsets,
                     const std::vector<char>& exact, std::size_t threads) {
  const std::size_t n = queries.size(), classes = points.classes(), count = temperatures.size();
  const bool by_class = sums.grouping == Grouping::by_class;
  Profile profile;
  profile.in_double = std::is_same_v<Real, double>;
  profile.temperatures = temperatures;
  for (const double t : temperatures) profile.octaves.push_back(std::log2(t));
  profile.losses.assign(count * n, 0.);
  profile.log_masses.assign(count * n, 0.);

  std::vector<char> safe(n, 1);
  for (std::size_t i = 0; i < exact.size(); ++i) safe[i] = exact[i] ? 0 : 1;
  std::vector<double> totals(count * n);
  if (by_class) profile.similarity.assign(count * classes * classes, 0.);
  // Threads share the classes; what one task writes belongs to its class.
  parallel::run_parallel(classes, threads, [&](std::size_t c, std::size_t) {
    const std::size_t begin = queries.class_begin()[c], end = queries.class_begin()[c + 1];
    const bool scored = points.class_size(c) > 1;
    for (std::size_t t = 0; t < count; ++t) {
      read_class(sums, t, sums.own_group(c), begin, end, scored, totals.data() + t * n, profile.losses.data() + t * n,
                 safe.data());
    }
    for (std::size_t t = 0; t < count; ++t) {
      for (std::size_t i = begin; i < end; ++i) {
        if (!safe[i]) continue;
        profile.log_masses[t * n + i] = std::log(totals[t * n + i]) + (offsets[i] - shift) / temperatures[t];
      }
      for (std::size_t b = 0; by_class && b < classes; ++b) {
        const double* line = sums.at(t, b);
        double share = 0;
        for (std::size_t i = begin; i < end; ++i) share += safe[i] ? line[i] / totals[t * n + i] : 0;
        profile.similarity[(t * classes + c) * classes + b] = share;
      }
    }
  });
  for (std::size_t i = 0; i < n; ++i) {
    if (!safe[i]) profile.unsafe.push_back(i);
  }
  if (!profile.unsafe.empty()) {
    const std::size_t rows = profile.unsafe.size();
    std::vector<double> masses, of_rows;
    for (const std::size_t i : profile.unsafe) of_rows.push_back(offsets[i]);
    const std::vector<double> losses =
        ExactRows(points, queries.rows(profile.unsafe), threads).losses(temperatures, rows, &masses, of_rows);
    for (std::size_t t = 0; t < count; ++t) {
      for (std::size_t k = 0; k < rows; ++k) {
        const double loss = losses[t * rows + k];
        profile.losses[t * n + profile.unsafe[k]] = std::isnan(loss) ? 0 : loss;
        profile.log_masses[t * n + profile.unsafe[k]] = masses[t * rows + k];
      }
    }
  }
  for (std::size_t t = 0; t < count; ++t) {
    profile.means.push_back(mean_over_scored(points, queries, profile.losses.data() + t * n));
  }
  return profile;
}

void Profile::keep_first(std::size_t left, std::size_t classes) {
  const std::size_t queries = losses.size() / temperatures.size();
  for (std::size_t t = left; t < temperatures.size(); ++t) beyond.push_back({temperatures[t], means[t], errors[t]});
  for (std::vector<double>* of_each : {&temperatures, &octaves, &means, &errors}) of_each->resize(left);
  losses.resize(left * queries);
  log_masses.resize(left * queries);
  if (!similarity.empty()) similarity.resize(left * classes * classes);
}

InterpolationError interpolation_error(const Points& points, const Queries& queries, const Profile& profile,
                                       double temperature, std::size_t threads) {
  const std::size_t n = queries.size(), count = profile.temperatures.size();
  const double at = std::log2(temperature);
  const std::vector<double> all = interpolation_weights(profile.octaves, at).value;
  // Each of these differences vanishes somewhere between the nodes, but not all of them at one place.
  const std::vector<double> inner = weights_without(profile.octaves, 1, 1, at);
  const std::vector<double> later = weights_without(profile.octaves, 1, 0, at);
  const std::vector<double> earlier = weights_without(profile.octaves, 0, 1, at);
  struct Row {
    double loss = 0, inner = 0, later = 0, earlier = 0;
  };
  std::vector<double> loss(n), change(n);
  constexpr std::size_t stretch = 512;
  parallel::run_stretches(n, stretch, threads, [&](std::size_t begin, std::size_t end) {
    Row rows[stretch] = {};
    for (std::size_t t = 0; t < count; ++t) {
      const double* losses = profile.losses.data() + t * n + begin;
      for (std::size_t k = 0; k < end - begin; ++k) {
        rows[k].loss += all[t] * losses[k];
        rows[k].inner += (all[t] - inner[t]) * losses[k];
        rows[k].later += (all[t] - later[t]) * losses[k];
        rows[k].earlier += (all[t] - earlier[t]) * losses[k];
      }
    }
    for (std::size_t k = 0; k < end - begin; ++k) {
      loss[begin + k] = rows[k].loss;
      // No loss is negative.
      change[begin + k] =
          std::max({std::abs(rows[k].inner), std::abs(rows[k].later), std::abs(rows[k].earlier), -rows[k].loss});
    }
  });
  for (const std::size_t i : profile.unsafe) change[i] = std::numeric_limits<double>::infinity();
  InterpolationError out;
  for (std::size_t i = 0; i < n; ++i) {
    if (change[i] <= most_change * std::max(1., loss[i])) continue;
    change[i] = 0;
    out.unsafe.push_back(i);
  }
  out.mean = mean_over_scored(points, queries, change.data());
  return out;
}

PointDetails interpolate(const Points& points, const Queries& queries, const Profile& profile, double temperature,
                         const std::vector<std::size_t>& unsafe, std::size_t threads) {
  const std::size_t n = queries.size(), classes = points.classes(), count = profile.temperatures.size();
  if (temperature < profile.temperatures.front() || temperature > profile.temperatures.back()) {
    throw std::logic_error("the temperature lies outside of what was evaluated");
  }
  const InterpolationWeights weights = interpolation_weights(profile.octaves, std::log2(temperature));
  // H_i = log Z_i + <d> / T, and with g = log Z + m / T that is g + dg / dlog T.
  std::vector<double> entropy_weights(count);
  for (std::size_t t = 0; t < count; ++t) {
    entropy_weights[t] = weights.value[t] + weights.derivative[t] * std::numbers::log2e;
  }
  PointDetails out;
  out.losses.assign(n, 0.);
  std::vector<double> entropy(n, 0.);
  for (std::size_t t = 0; t < count; ++t) {
    const double* losses = profile.losses.data() + t * n;
    const double* masses = profile.log_masses.data() + t * n;
    for (std::size_t i = 0; i < n; ++i) {
      out.losses[i] += weights.value[t] * losses[i];
      entropy[i] += entropy_weights[t] * masses[i];
    }
  }
  std::vector<double>& effective = entropy;
  for (double& h : effective) h = std::exp(h);
  for (double& loss : out.losses) loss = std::max(0., loss);  // a polynomial through values near 0 may dip below it
  for (std::size_t c = 0; c < classes; ++c) {
    if (points.class_size(c) == 1 && queries.class_begin()[c] < queries.class_begin()[c + 1]) {
      out.losses[queries.class_begin()[c]] = nan;
    }
  }
  const bool by_class = !profile.similarity.empty() && unsafe == profile.unsafe;
  if (by_class) {
    out.class_similarity.assign(classes * classes, 0.);
    for (std::size_t t = 0; t < count; ++t) {
      const double* matrix = profile.similarity.data() + t * classes * classes;
      for (std::size_t k = 0; k < classes * classes; ++k) out.class_similarity[k] += weights.value[t] * matrix[k];
    }
    for (double& share : out.class_similarity) share = std::max(0., share);
  }
  set_exact_rows(points, queries, unsafe, temperature, threads, out.losses, effective, out.class_similarity);
  if (by_class) normalise_rows(out.class_similarity, classes);
  out.effective_neighbors = mean_over_all(points, queries, effective);
  return out;
}

std::vector<double> inverse_masses(const Profile& profile, const std::vector<double>& offsets, double temperature,
                                   double shift, const std::vector<std::size_t>& unsafe) {
  const std::size_t n = offsets.size();
  const InterpolationWeights weights = interpolation_weights(profile.octaves, std::log2(temperature));
  std::vector<double> out(n, 0.);
  for (std::size_t t = 0; t < profile.temperatures.size(); ++t) {
    for (std::size_t i = 0; i < n; ++i) out[i] += weights.value[t] * profile.log_masses[t * n + i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = std::exp((offsets[i] - shift) / temperature - out[i]);
  }
  for (const std::size_t i : unsafe) out[i] = 0;
  return out;
}

void normalise_rows(std::vector<double>& matrix, std::size_t classes) {
  for (std::size_t a = 0; a < classes; ++a) {
    double* line = matrix.data() + a * classes;
    const double sum = std::accumulate(line, line + classes, 0.);
    for (std::size_t b = 0; b < classes; ++b) line[b] = sum > 0 ? line[b] / sum : nan;
  }
}

double mean_over_scored(const Points& points, const Queries& queries, const double* losses) {
  double sum = 0, scored = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    if (points.class_size(c) < 2) continue;
    scored += static_cast<double>(points.class_size(c));
    double of_class = 0;
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) of_class += losses[i];
    sum += queries.weight(c) * of_class;
  }
  return sum / scored;
}

double mean_over_all(const Points& points, const Queries& queries, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    double of_class = 0;
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) of_class += values[i];
    sum += queries.weight(c) * of_class;
  }
  return sum / static_cast<double>(points.size());
}

void set_exact_rows(const Points& points, const Queries& queries, const std::vector<std::size_t>& some,
                    double temperature, std::size_t threads, std::vector<double>& losses,
                    std::vector<double>& effective, std::vector<double>& similarity) {
  constexpr std::size_t batch = 1024;  // a row's class shares are few, but not all rows' are
  for (std::size_t first = 0; first < some.size(); first += batch) {
    const auto begin = some.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<std::size_t> now(begin,
                                       begin + static_cast<std::ptrdiff_t>(std::min(batch, some.size() - first)));
    const std::vector<std::size_t> rows = queries.rows(now);
    const std::vector<RowDetails> details = ExactRows(points, rows, threads).details(temperature);
    for (std::size_t k = 0; k < now.size(); ++k) {
      losses[now[k]] = details[k].loss;
      effective[now[k]] = details[k].effective;
      if (similarity.empty()) continue;
      double* line = similarity.data() + static_cast<std::size_t>(points.label(rows[k])) * points.classes();
      for (std::size_t c = 0; c < points.classes(); ++c) line[c] += details[k].by_class[c];
    }
  }
}

template Profile make_profile<float>(const Points&, const Queries&, const WeightSums&, const std::vector<double>&,
                                     double, const std::vector<double>&, const std::vector<char>&, std::size_t);
template Profile make_profile<double>(const Points&, const Queries&, const WeightSums&, const std::vector<double>&,
                                      double, const std::vector<double>&, const std::vector<char>&, std::size_t);

}  // namespace snnl::engine
