#include "snnl/entanglement/verify.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/profile.hpp"
#include "snnl/entanglement/search/range.hpp"

namespace snnl::engine {
namespace {

/// [temperatures] mean losses
std::vector<double> exact_means(const Points& points, const Queries& queries, const std::vector<double>& temperatures,
                                std::size_t threads) {
  constexpr std::size_t batch = 512;  // rows: their losses at all temperatures are in memory
  const std::size_t n = queries.size(), count = temperatures.size();
  std::vector<double> sums(count, 0.);
  double scored = 0;
  for (std::size_t first = 0; first < n; first += batch) {
    const std::size_t here = std::min(batch, n - first);
    std::vector<std::size_t> rows(queries.rows().begin() + static_cast<std::ptrdiff_t>(first),
                                  queries.rows().begin() + static_cast<std::ptrdiff_t>(first + here));
    const std::vector<double> losses = ExactRows(points, rows, threads, product::judge()).losses(temperatures);
    for (std::size_t k = 0; k < here; ++k) {
      if (std::isnan(losses[k])) continue;
      const double weight = queries.weight(static_cast<std::size_t>(points.label(rows[k])));
      scored += weight;
      for (std::size_t t = 0; t < count; ++t) sums[t] += weight * losses[t * here + k];
    }
  }
  for (double& sum : sums) sum /= scored;
  return sums;
}

std::string in_words(const char* what, double value, double claimed, double temperature, const Points& points) {
  std::ostringstream text;
  text.precision(9);
  text << "verification failed: " << what << " is " << value << ", not " << claimed << ", at temperature "
       << temperature * points.unit();
  return text.str();
}

}  // namespace

std::string verify(const Points& points, const Queries& queries, const Claim& claim, std::size_t threads) {
  constexpr int per_octave = 8, around = 8;
  std::vector<double> temperatures{claim.temperature};
  for (int k = 0; claim.is_optimum && k < per_octave; ++k) {
    const double within = points.mean_distance() * std::exp2(static_cast<double>(k) / per_octave);
    for (int octave = lowest_octave; octave < highest_octave; ++octave) {
      temperatures.push_back(std::ldexp(within, octave));
    }
  }
  if (claim.is_optimum) temperatures.push_back(std::ldexp(points.mean_distance(), highest_octave));
  std::vector<double> means = exact_means(points, queries, temperatures, threads);
  const double exact = means[0];
  if (!(std::abs(claim.value - exact) <= 1e-5 * std::max(1., exact))) {
    return in_words("the entanglement", exact, claim.value, claim.temperature, points);
  }
  if (!claim.is_optimum) return {};
  const auto least_of = [&] {
    return static_cast<std::size_t>(std::min_element(means.begin(), means.end()) - means.begin());
  };
  const double near = temperatures[least_of()];
  std::vector<double> closer;
  for (int k = -around; k <= around; ++k) {
    const double t = near * std::exp2(static_cast<double>(k) / (around * per_octave));
    if (t >= std::ldexp(points.mean_distance(), lowest_octave) &&
        t <= std::ldexp(points.mean_distance(), highest_octave)) {
      closer.push_back(t);
    }
  }
  const std::vector<double> more = exact_means(points, queries, closer, threads);
  temperatures.insert(temperatures.end(), closer.begin(), closer.end());
  means.insert(means.end(), more.begin(), more.end());
  const std::size_t least = least_of();
  if (exact <= means[least] + 1e-6 * std::max(1., means[least])) return {};
  return in_words("the least entanglement of a scan", means[least], exact, temperatures[least], points);
}

}  // namespace snnl::engine
