// Where the nearest distances leave few rows a loss: LossEvaluator evaluates these alone.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "snnl/entanglement/evaluator.hpp"

namespace snnl::engine {

/// Queries but for those whose losses are, by the bound that nearest_bounds has of them, each less than 1e-15, and so
/// in the mean.
std::vector<std::size_t> LossEvaluator::rows_that_matter(double temperature) const {
  constexpr double nothing = 1e-15;
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < points_.classes(); ++c) {
    if (points_.class_size(c) < 2) continue;
    const double others = std::log(static_cast<double>(points_.size() - points_.class_size(c)));
    for (std::size_t i = queries_.class_begin()[c]; i < queries_.class_begin()[c + 1]; ++i) {
      const BoundedNearest& row = nearest_->all()[i];
      if (!std::isfinite(row.nearest.other)) continue;
      // log(1 + x) <= x
      if ((row.gap + row.gap_margin) / temperature + others > std::log(nothing)) out.push_back(i);
    }
  }
  return out;
}

bool LossEvaluator::norms_vary() const {
  constexpr double much = .25;  // of the mean
  const std::vector<double>& norms = nearest_->norms();
  const auto n = static_cast<double>(norms.size());
  const double mean = std::accumulate(norms.begin(), norms.end(), 0.) / n;
  double squares = 0;
  for (const double norm : norms) squares += std::pow(norm - mean, 2);
  return squares / n > std::pow(much * mean, 2);
}

bool LossEvaluator::takes_few_rows(double temperature) const {
  constexpr std::size_t share = 64, at_least = 64;
  return !few() && precision_ != Precision::single && nearest_->is_known() &&
         rows_that_matter(temperature).size() <= std::max(at_least, queries_.size() / share);
}

/// Losses of other rows are 0, and their masses NaN.
Profile LossEvaluator::make_of_some(const std::vector<double>& temperatures, const std::vector<std::size_t>& rows) {
  const std::size_t n = queries_.size(), count = temperatures.size();
  // Those of a higher temperature do for a lower one.
  if (!some_rows_ || !std::includes(some_.begin(), some_.end(), rows.begin(), rows.end())) {
    some_ = rows;
    some_rows_.emplace(points_, queries_.rows(rows), threads_, makers_.rows);
  }
  std::vector<double> masses, offsets;
  for (const std::size_t i : some_) offsets.push_back(nearest_->offsets()[i]);
  const std::vector<double> losses = some_rows_->losses(temperatures, some_.size(), &masses, offsets);
  Profile out;
  out.in_double = true;
  out.temperatures = temperatures;
  out.losses.assign(count * n, 0.);
  out.log_masses.assign(count * n, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t k = 0; k < some_.size(); ++k) {
      out.losses[t * n + some_[k]] = losses[t * some_.size() + k];
      out.log_masses[t * n + some_[k]] = masses[t * some_.size() + k];
    }
    out.octaves.push_back(std::log2(temperatures[t]));
    out.means.push_back(mean_over_scored(points_, queries_, out.losses.data() + t * n));
  }
  return out;
}

}  // namespace snnl::engine
