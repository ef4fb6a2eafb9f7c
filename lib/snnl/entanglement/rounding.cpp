#include "snnl/entanglement/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/profile.hpp"

namespace snnl::engine {

double float_error(const Points& points, const Queries& queries, const JudgedRows& judged,
                   const SettledNearest& nearest, const double* losses, double temperature) {
  const double* const exact = judged.losses_at(temperature);
  // What rounding does to a row: a share that other classes have in its neighbourhood, of what moves its distances.
  const auto sensitivity = [&](std::size_t i) { return -std::expm1(-losses[i]) * nearest.spread()[i]; };
  struct Sums {
    double errors = 0, sum = 0, sensitivities = 0, count = 0;
  };
  const auto squares = [&](const std::vector<std::size_t>& some, const double* of_some) {
    Sums sums;
    for (std::size_t k = 0; k < some.size(); ++k) {
      if (std::isnan(of_some[k])) continue;
      sums.errors += std::pow(losses[some[k]] - of_some[k], 2);
      sums.sum += losses[some[k]] - of_some[k];
      sums.sensitivities += std::pow(sensitivity(some[k]), 2);
      ++sums.count;
    }
    return sums;
  };
  const Sums of_sample = squares(judged.sampled(), exact),
             of_extremes = squares(judged.extreme(), exact + judged.sampled().size());
  double of_rows = 0, error = 0;
  if (of_sample.count > 0) {
    of_rows = std::sqrt(of_sample.errors / of_sample.count);
    // Four standard errors of the mean beyond it: what rounding does to one row has little to do with what it does to
    // others.
    error = std::abs(of_sample.sum) / of_sample.count + 4 * of_rows / std::sqrt(of_sample.count);
  }
  error = std::max(error, std::sqrt(of_extremes.errors * of_extremes.count) /
                              static_cast<double>(count_scored(points.class_sizes())));
  // A sample without rows that rounding could harm says nothing of those that it could.
  constexpr double usual = .25;
  double rate = usual * float_epsilon / temperature;
  if (of_sample.sensitivities > 0) rate = std::max(rate, std::sqrt(of_sample.errors / of_sample.sensitivities));
  std::vector<double> expected(queries.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = nearest.outlying()[i] || std::isnan(losses[i]) ? 0 : rate * sensitivity(i);
  }
  of_rows = std::max(of_rows, mean_over_scored(points, queries, expected.data()));
  // Of single rows twice as much is promised as of their mean.
  return std::max(error, of_rows / 2);
}

double double_error(const Points& points, const Queries& queries, const SettledNearest& settled, const double* losses,
                    double temperature) {
  constexpr double little = 1e-7;
  std::vector<double> expected(queries.size(), 0.);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Nearest& nearest = settled.all()[i].nearest;
    if (std::isnan(losses[i]) || losses[i] == 0) continue;
    const double spread = spread_of(settled.norms()[i], nearest);
    const bool extended = is_low(temperature, spread) && is_delicate(nearest, spread);
    // In extended precision all distances come from differences.
    const double rounding =
        4 / temperature *
        (extended ? extended_epsilon * std::max(nearest.same, nearest.other) : double_epsilon * spread);
    expected[i] =
        -std::expm1(-losses[i]) * (extended ? rounding : std::min(rounding, little * std::max(1., losses[i])));
  }
  return mean_over_scored(points, queries, expected.data());
}

bool are_wrong(const JudgedRows& judged, const SettledNearest& nearest, const double* losses, double temperature) {
  constexpr double more_than_rounding = 1e-6;
  const double* const exact = judged.losses_at(temperature);
  for (std::size_t k = 0; k < judged.sampled().size(); ++k) {
    const std::size_t i = judged.sampled()[k];
    if (std::isnan(exact[k]) || nearest.delicate()[i]) continue;
    if (!(std::abs(losses[i] - exact[k]) <= more_than_rounding * std::max(1., exact[k]))) return true;
  }
  return false;
}

}  // namespace snnl::engine
