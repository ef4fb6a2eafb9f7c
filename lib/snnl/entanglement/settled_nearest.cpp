#include "snnl/entanglement/settled_nearest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "snnl/entanglement/rounding.hpp"

namespace snnl::engine {

SettledNearest::SettledNearest(const Points& points, const Queries& queries, std::vector<double> norms,
                               std::size_t threads, const product::Products<double>& maker)
    : points_(points),
      queries_(queries),
      threads_(threads),
      maker_(&maker),
      norms_(std::move(norms)),
      outlying_(queries.size(), 0) {
  measure_spreads();
}

/// The norms of a query and its nearest neighbours together, |x_j| <= |x_i| + |x_i - x_j|; where these are not known,
/// none is farther than the sample of the least norm.
void SettledNearest::measure_spreads() {
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

void SettledNearest::take(const std::vector<Nearest>& found, bool in_float, const std::vector<std::size_t>& sampled) {
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
    mark_outlying(sampled);
    settle_doubtful(found);
  }
  settle_delicate();
}

/// Rounding in float may have turned round which of two close distances is the smaller.
void SettledNearest::settle_doubtful(const std::vector<Nearest>& found) {
  std::vector<std::size_t> doubtful;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool close = std::abs(nearest_[i].gap) <= nearest_[i].gap_margin;
    if ((close && std::isfinite(found[i].same)) || outlying_[i]) doubtful.push_back(i);
  }
  const std::vector<Nearest> settled = ExactRows(points_, queries_.rows(doubtful), threads_, *maker_).nearest();
  for (std::size_t k = 0; k < doubtful.size(); ++k) {
    const double margin = 16 * double_epsilon * spread_of(norms_[doubtful[k]], settled[k]);
    nearest_[doubtful[k]] = {settled[k], margin, settled[k].same - settled[k].other, 2 * margin};
  }
}

/// Ties in double may be none.
void SettledNearest::settle_delicate() {
  std::vector<std::size_t> delicate;
  delicate_.assign(nearest_.size(), 0);
  for (std::size_t i = 0; i < nearest_.size(); ++i) {
    const double spread = spread_of(norms_[i], nearest_[i].nearest);
    delicate_[i] = is_delicate(nearest_[i].nearest, spread) ? 1 : 0;
    if (delicate_[i] && std::abs(nearest_[i].gap) <= nearest_[i].gap_margin) delicate.push_back(i);
  }
  const std::vector<double> gaps = ExactRows(points_, queries_.rows(delicate), threads_, *maker_).extended_gaps();
  for (std::size_t k = 0; k < delicate.size(); ++k) {
    BoundedNearest& row = nearest_[delicate[k]];
    row.gap = gaps[k];
    row.gap_margin = gaps[k] == 0 ? 0 : 32 * extended_epsilon * spread_of(norms_[delicate[k]], row.nearest);
  }
}

void SettledNearest::mark_outlying(const std::vector<std::size_t>& sampled) {
  double most = 0;
  for (const std::size_t i : sampled) most = std::max(most, spread_[i]);
  std::size_t count = 0;
  for (std::size_t i = 0; i < outlying_.size(); ++i) {
    outlying_[i] = spread_[i] > 2 * most ? 1 : 0;
    count += spread_[i] > 2 * most ? 1 : 0;
  }
  // Too many to be done by themselves: how float does is then told by what it may do to each.
  if (count > outlying_.size() / 16) outlying_.assign(outlying_.size(), 0);
}

std::vector<Nearest> SettledNearest::distances() const {
  std::vector<Nearest> out;
  out.reserve(nearest_.size());
  for (const BoundedNearest& row : nearest_) out.push_back(row.nearest);
  return out;
}

std::vector<char> SettledNearest::delicate_at(const std::vector<double>& temperatures) const {
  const double lowest = *std::min_element(temperatures.begin(), temperatures.end());
  std::vector<char> out = delicate_;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] && !is_low(lowest, spread_of(norms_[i], nearest_[i].nearest))) out[i] = 0;
  }
  return out;
}

}  // namespace snnl::engine
