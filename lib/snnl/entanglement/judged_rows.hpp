#pragma once

#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

/// Rows that are also evaluated by the definition, in double, by another maker of products: what results are judged by.
class JudgedRows {
 public:
  /// A sample of the queries, stratified by class, and, with `extremes`, those of the largest `norms` [queries], which
  /// rounding does most to. Keeps `points` and `queries`, which must outlive it.
  JudgedRows(const Points& points, const Queries& queries, const std::vector<double>& norms, bool extremes,
             std::size_t threads, const product::Products<double>& maker);

  /// Queries.
  const std::vector<std::size_t>& sampled() const { return sampled_; }
  const std::vector<std::size_t>& extreme() const { return extreme_; }
  /// The engine's rows of those that are sampled.
  const std::vector<std::size_t>& sampled_rows() const { return sampled_rows_; }

  /// out[t * sampled().size() + k] = l_i(T_t) of i = sampled()[k], NaN for classes of one.
  std::vector<double> sample_losses(const std::vector<double>& temperatures);
  /// Of the sampled ones.
  std::vector<Nearest> sample_nearest() { return rows_.nearest(sampled_.size()); }
  /// Of the sampled ones, as ExactRows::count_within has it.
  std::vector<std::size_t> sample_within(double window) { return rows_.count_within(window, sampled_.size()); }
  /// Evaluates all of them at these temperatures, unless that was the last thing that was done.
  void evaluate(const std::vector<double>& temperatures);
  /// [sampled, extreme] losses at one of the temperatures of the last evaluate().
  const double* losses_at(double temperature) const;

 private:
  std::vector<std::size_t> sampled_, extreme_, sampled_rows_;
  ExactRows rows_;  // the sampled ones, and after them the extreme ones
  // The last ones are kept, as a pass at temperatures often follows a rehearsal.
  std::vector<double> temperatures_, losses_;
};

}  // namespace snnl::engine
