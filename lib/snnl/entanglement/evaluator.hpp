#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "snnl/distance/points.hpp"
#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/memory.hpp"
#include "snnl/entanglement/options.hpp"
#include "snnl/entanglement/profile.hpp"

namespace snnl {

/// Entanglement at one temperature, in the engine's units.
struct LossAt {
  double temperature = 0;
  double loss = 0;  ///< mean of l_i over the scored samples
};

/// Evaluates losses over all pairs of a query and a sample, choosing the arithmetic: float tiles wherever they are good
/// enough, double where not, and row by row where a weight would leave the range of either.
///
/// How float is judged (Precision::automatic): sampled rows, and those of the largest norms, are also evaluated in
/// double. The error of a mean is at most the root mean square of its terms' errors, so float is accepted where that
/// of the sample is at most `tolerance` max(1, l), and the rows of the largest norms add no more than that either.
class LossEvaluator {
 public:
  /// Keeps `points` and `queries`, which must outlive it.
  LossEvaluator(const Points& points, const Queries& queries, Precision precision, std::size_t threads,
                const MemoryPlan& memory);

  /// Mean loss at each temperature, exact over all pairs.
  std::vector<LossAt> evaluate(const std::vector<double>& temperatures);
  /// Everything at one temperature, by two passes.
  PointDetails details(double temperature);

  /// One pass at a handful of temperatures, from which details between them are interpolated.
  Profile profile(const std::vector<double>& temperatures, bool in_double);
  /// Whether float is worth trying at this temperature.
  bool float_may_do(double temperature) const;
  /// Whether the profile's arithmetic is good enough at its `t`-th temperature.
  bool is_good(const Profile& profile, std::size_t t);
  /// Everything at a temperature between those of the profile; one more pass where there are many classes.
  PointDetails details(const Profile& profile, double temperature);
  /// To be said when more passes are to come: keeps tiles from the next one on.
  void expect_more_passes() { keep_ = true; }
  /// Nearest distances of every query; the ones that are too close to tell in float are told in double.
  const std::vector<Nearest>& nearest();

  /// A sample of the queries, stratified by class: the engine's rows.
  const std::vector<std::size_t>& sampled_rows() const { return sampled_rows_; }
  /// out[t * sampled_rows().size() + k] = l_i(T_t) of i = sampled_rows()[k] in double, NaN for classes of one.
  std::vector<double> sample_losses(const std::vector<double>& temperatures);
  const Points& points() const { return points_; }
  const Queries& queries() const { return queries_; }
  /// Samples whose class has another member.
  std::size_t scored() const { return scored_; }
  /// Whether any result so far needed double.
  bool used_double() const { return used_double_; }
  std::size_t passes() const { return passes_; }

 private:
  static constexpr double tolerance = 5e-6;

  template <class Real>
  Tiles<Real>& tiles();
  template <class Real>
  Profile make(const std::vector<double>& temperatures, Grouping grouping);
  template <class Real>
  PointDetails all_details(double temperature);
  bool float_did(const double* losses, double mean, double temperature);
  double shift_for(double lowest_temperature);
  void settle_nearest();

  const Points& points_;
  const Queries& queries_;
  Precision precision_;
  std::size_t threads_;
  MemoryPlan memory_;
  bool keep_ = false;  // before the tiles, which are made in the constructor
  std::size_t scored_ = 0;
  std::optional<Tiles<float>> single_;  // one of the two at a time: both would be three copies of the samples
  std::optional<Tiles<double>> double_;
  std::vector<std::size_t> sampled_, extreme_;  // queries
  std::vector<std::size_t> sampled_rows_;
  ExactRows exact_;  // of the sampled rows, and after them of the extreme ones
  std::vector<Nearest> nearest_;
  bool nearest_settled_ = false, nearest_in_float_ = false;
  double float_floor_ = 0;  // float was found wanting at this temperature: not tried again at or below it
  bool used_double_ = false;
  std::size_t passes_ = 0;
};

}  // namespace snnl
