#include "snnl/entanglement/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <type_traits>

#include "snnl/entanglement/polynomial.hpp"
#include "snnl/entanglement/softplus.hpp"

namespace snnl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double nearest_distance(const Nearest& nearest) { return std::min(nearest.same, nearest.other); }

/// Rows of one class at one temperature: their losses and masses, and whether these can be trusted.
template <class Real>
void read_class(const WeightSums& sums, std::size_t t, std::size_t own, std::size_t begin, std::size_t end, bool scored,
                std::vector<double>& total, double* losses, std::vector<char>& safe) {
  total.assign(end - begin, 0.);
  for (std::size_t group = 0; group < sums.groups; ++group) {
    if (group == own) continue;
    const double* line = sums.at(t, group);
    for (std::size_t i = begin; i < end; ++i) total[i - begin] += line[i];
  }
  const double* same = sums.at(t, own);
  for (std::size_t i = begin; i < end; ++i) {
    const double other = total[i - begin];
    if (!trusted<Real>(scored ? same[i] : other, other)) safe[i] = 0;
    if (scored) losses[i] = loss_of(same[i], other);
    total[i - begin] += same[i];
  }
}

}  // namespace

template <class Real>
Profile make_profile(const Points& points, const WeightSums& sums, const std::vector<double>& temperatures,
                     double shift, const std::vector<Nearest>& nearest, std::size_t threads) {
  const std::size_t n = points.size(), classes = points.classes(), count = temperatures.size();
  const bool by_class = sums.grouping == Grouping::by_class;
  Profile profile;
  profile.in_double = std::is_same_v<Real, double>;
  profile.temperatures = temperatures;
  for (const double t : temperatures) profile.octaves.push_back(std::log2(t));
  profile.losses.assign(count * n, 0.);
  profile.log_masses.assign(count * n, 0.);

  std::vector<char> safe(n, 1);
  std::vector<double> totals(count * n), total;
  std::size_t scored = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const std::size_t begin = points.class_begin()[c], end = points.class_begin()[c + 1];
    if (end - begin > 1) scored += end - begin;
    for (std::size_t t = 0; t < count; ++t) {
      read_class<Real>(sums, t, sums.own_group(c), begin, end, end - begin > 1, total, profile.losses.data() + t * n,
                       safe);
      std::copy(total.begin(), total.end(), totals.begin() + static_cast<std::ptrdiff_t>(t * n + begin));
    }
  }
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t i = 0; i < n; ++i) {
      if (safe[i]) {
        profile.log_masses[t * n + i] =
            std::log(totals[t * n + i]) + (nearest_distance(nearest[i]) - shift) / temperatures[t];
      }
    }
  }
  if (by_class) {
    profile.similarity.assign(count * classes * classes, 0.);
    for (std::size_t t = 0; t < count; ++t) {
      for (std::size_t a = 0; a < classes; ++a) {
        for (std::size_t b = 0; b < classes; ++b) {
          const double* line = sums.at(t, b);
          double share = 0;
          for (std::size_t i = points.class_begin()[a]; i < points.class_begin()[a + 1]; ++i) {
            share += safe[i] ? line[i] / totals[t * n + i] : 0;
          }
          profile.similarity[(t * classes + a) * classes + b] = share;
        }
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!safe[i]) profile.unsafe.push_back(i);
  }
  if (!profile.unsafe.empty()) {
    const std::vector<double> exact = ExactRows(points, profile.unsafe, threads).losses(temperatures);
    for (std::size_t t = 0; t < count; ++t) {
      for (std::size_t k = 0; k < profile.unsafe.size(); ++k) {
        const double loss = exact[t * profile.unsafe.size() + k];
        profile.losses[t * n + profile.unsafe[k]] = std::isnan(loss) ? 0 : loss;
      }
    }
  }
  for (std::size_t t = 0; t < count; ++t) {
    const auto first = profile.losses.begin() + static_cast<std::ptrdiff_t>(t * n);
    profile.means.push_back(std::accumulate(first, first + static_cast<std::ptrdiff_t>(n), 0.) /
                            static_cast<double>(scored));
  }
  return profile;
}

PointDetails interpolate(const Points& points, const Profile& profile, double temperature, std::size_t threads) {
  const std::size_t n = points.size(), classes = points.classes(), count = profile.temperatures.size();
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
  for (const std::size_t i : profile.unsafe) entropy[i] = -std::numeric_limits<double>::infinity();
  double effective = 0;
  for (std::size_t i = 0; i < n; ++i) {
    out.losses[i] = std::max(0., out.losses[i]);  // a polynomial through values near 0 may dip below it
    effective += std::exp(entropy[i]);
  }
  for (std::size_t c = 0; c < classes; ++c) {
    if (points.class_size(c) == 1) out.losses[points.class_begin()[c]] = nan;
  }
  const bool by_class = !profile.similarity.empty();
  if (by_class) {
    out.class_similarity.assign(classes * classes, 0.);
    for (std::size_t t = 0; t < count; ++t) {
      const double* matrix = profile.similarity.data() + t * classes * classes;
      for (std::size_t k = 0; k < classes * classes; ++k) out.class_similarity[k] += weights.value[t] * matrix[k];
    }
    for (double& share : out.class_similarity) share = std::max(0., share);
  }
  effective += add_exact_rows(points, profile.unsafe, temperature, threads, out.losses, out.class_similarity);
  if (by_class) normalise_rows(out.class_similarity, classes);
  out.effective_neighbors = effective / static_cast<double>(n);
  return out;
}

std::vector<double> inverse_masses(const Profile& profile, const std::vector<Nearest>& nearest, double temperature,
                                   double shift) {
  const std::size_t n = nearest.size();
  const InterpolationWeights weights = interpolation_weights(profile.octaves, std::log2(temperature));
  std::vector<double> out(n, 0.);
  for (std::size_t t = 0; t < profile.temperatures.size(); ++t) {
    for (std::size_t i = 0; i < n; ++i) out[i] += weights.value[t] * profile.log_masses[t * n + i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = std::exp((nearest_distance(nearest[i]) - shift) / temperature - out[i]);
  }
  for (const std::size_t i : profile.unsafe) out[i] = 0;
  return out;
}

void normalise_rows(std::vector<double>& matrix, std::size_t classes) {
  for (std::size_t a = 0; a < classes; ++a) {
    double* line = matrix.data() + a * classes;
    const double sum = std::accumulate(line, line + classes, 0.);
    for (std::size_t b = 0; b < classes; ++b) line[b] = sum > 0 ? line[b] / sum : nan;
  }
}

double add_exact_rows(const Points& points, const std::vector<std::size_t>& rows, double temperature,
                      std::size_t threads, std::vector<double>& losses, std::vector<double>& similarity) {
  constexpr std::size_t batch = 1024;  // a row's class shares are few, but not all rows' are
  double effective = 0;
  for (std::size_t first = 0; first < rows.size(); first += batch) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<std::size_t> some(begin,
                                        begin + static_cast<std::ptrdiff_t>(std::min(batch, rows.size() - first)));
    const std::vector<RowDetails> details = ExactRows(points, some, threads).details(temperature);
    for (std::size_t k = 0; k < some.size(); ++k) {
      losses[some[k]] = details[k].loss;
      effective += details[k].effective;
      if (similarity.empty()) continue;
      double* line = similarity.data() + static_cast<std::size_t>(points.label(some[k])) * points.classes();
      for (std::size_t c = 0; c < points.classes(); ++c) line[c] += details[k].by_class[c];
    }
  }
  return effective;
}

template Profile make_profile<float>(const Points&, const WeightSums&, const std::vector<double>&, double,
                                     const std::vector<Nearest>&, std::size_t);
template Profile make_profile<double>(const Points&, const WeightSums&, const std::vector<double>&, double,
                                      const std::vector<Nearest>&, std::size_t);

}  // namespace snnl
