#pragma once

#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/search/loss_bound.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

/// The nearest distances of every query, and what rounding does to its distances.
class SettledNearest {
 public:
  /// None yet. `norms` [queries] squared. Keeps `points` and `queries`, which must outlive it.
  SettledNearest(const Points& points, const Queries& queries, std::vector<double> norms, std::size_t threads,
                 const product::Products<double>& maker);

  /// What a pass found. Distances that are too close to tell in float are told in double, those too close for that in
  /// extended precision. `sampled`: queries that results are judged by.
  void take(const std::vector<Nearest>& found, bool in_float, const std::vector<std::size_t>& sampled);
  bool is_known() const { return !nearest_.empty(); }

  /// [queries]; empty before they are known.
  const std::vector<BoundedNearest>& all() const { return nearest_; }
  /// The same without their bounds.
  std::vector<Nearest> distances() const;
  /// [queries] the nearest distances as first found: what log masses are relative to.
  const std::vector<double>& offsets() const { return offsets_; }
  /// [queries] squared norms.
  const std::vector<double>& norms() const { return norms_; }
  /// [queries] what rounding moves the distances by that matter to a row, in parts of the epsilon.
  const std::vector<double>& spread() const { return spread_; }
  /// [queries] spreads much larger than any that was sampled.
  const std::vector<char>& outlying() const { return outlying_; }
  /// [queries] is_delicate; empty before they are known.
  const std::vector<char>& delicate() const { return delicate_; }
  /// [queries] those that double does not do for, at the lowest of some temperatures.
  std::vector<char> delicate_at(const std::vector<double>& temperatures) const;

 private:
  void measure_spreads();
  void mark_outlying(const std::vector<std::size_t>& sampled);
  void settle_doubtful(const std::vector<Nearest>& found);
  void settle_delicate();

  const Points& points_;
  const Queries& queries_;
  std::size_t threads_;
  const product::Products<double>* maker_;  // of the rows that are done again
  std::vector<double> norms_;
  std::vector<double> offsets_;
  std::vector<BoundedNearest> nearest_;
  std::vector<double> spread_;
  std::vector<char> outlying_, delicate_;
};

}  // namespace snnl::engine
