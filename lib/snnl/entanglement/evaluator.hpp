#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/judged_rows.hpp"
#include "snnl/entanglement/memory.hpp"
#include "snnl/entanglement/profile.hpp"
#include "snnl/entanglement/search/loss_bound.hpp"
#include "snnl/entanglement/settled_nearest.hpp"
#include "snnl/options.hpp"
#include "snnl/points/points.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

/// Entanglement at one temperature, in the engine's units.
struct LossAt {
  double temperature = 0;
  double loss = 0;   ///< mean of l_i over the scored samples
  double error = 0;  ///< how much it may be wrong, as far as that was judged
};

/// Who makes the products that losses are evaluated by.
struct EvaluatorMakers {
  const product::Products<float>& single = product::products<float>();
  const product::Products<double>& twice = product::products<double>();
  const product::Products<double>& rows = product::products<double>();
  /// Of what float, and whoever makes the others, is judged by.
  const product::Products<double>& judge = product::judge();
};

/// Evaluates losses over all pairs of a query and a sample, choosing the arithmetic: float tiles wherever they are good
/// enough, double where not, and row by row where a weight would leave the range of either. Few samples are all done
/// row by row, in double.
///
/// Float is judged by float_error (Precision::automatic), and accepted where that is at most `tolerance` max(1, l).
/// Rows of much larger norms than any that was sampled are always done in double. Results in double are held against
/// the same rows: where they differ by more than rounding, products are wrong.
class LossEvaluator {
 public:
  /// Keeps `points` and `queries`, which must outlive it.
  LossEvaluator(const Points& points, const Queries& queries, const EntanglementOptions& options,
                const MemoryPlan& memory, const EvaluatorMakers& makers = {});

  // What evaluates throws product::WrongProducts where they are found to be wrong.

  /// Mean loss at each temperature, exact over all pairs; adds what it found to the bound. Where the nearest distances
  /// are known and leave only few rows a loss that is not next to nothing, these alone are evaluated, in double.
  std::vector<LossAt> evaluate(const std::vector<double>& temperatures);
  /// Whether it takes few rows at this temperature, and so next to nothing of a pass.
  bool takes_few_rows(double temperature) const;
  /// Everything at one temperature, by two passes; one where few neighbours are near enough to matter.
  PointDetails details(double temperature);

  /// One pass at a handful of temperatures, ascending, from which details between them are interpolated. Adds them to
  /// the bound, but for those whose error is too large. Those after the first `nodes` are beyond the profile: for the
  /// bound alone.
  Profile profile(const std::vector<double>& temperatures, std::size_t nodes, bool in_double);
  /// Whether float is worth trying at this temperature.
  bool float_may_do(double temperature) const;
  /// Everything at a temperature between those of the profile; one more pass where there are many classes.
  PointDetails details(const Profile& profile, double temperature);
  /// To be said where float decided nothing: it is not tried again at this temperature or below, where it may be
  /// chosen.
  void avoid_float(double temperature) { float_floor_ = std::max(float_floor_, temperature); }
  /// Keeps tiles from the next pass on: for where more passes are to come.
  void keep_tiles() { keep_ = true; }
  /// Makes the nearest distances known, by a pass that does nothing else; not where they are known, or all are few.
  void find_nearest();
  /// Nearest distances of every query; the ones that are too close to tell in float are told in double. There after the
  /// first evaluation.
  const std::vector<BoundedNearest>& nearest() const { return nearest_->all(); }
  /// What is known of the mean loss between the temperatures evaluated. There after the first evaluation.
  const LossBound& bound() const { return *bound_; }
  /// Whether a mean loss with this error is as good as promised.
  static bool is_good(double loss, double error) { return error <= tolerance * std::max(1., loss); }
  /// Whether every evaluation is exact, row by row in double.
  bool few() const { return all_rows_.has_value(); }
  /// Makes it so, and forgets all that was found. False where it is so already, or that is too much for the memory, or
  /// to wait for, or what is asked for is float.
  bool become_exact();

  /// A sample of the queries, stratified by class: the engine's rows.
  const std::vector<std::size_t>& sampled_rows() const { return judged_.sampled_rows(); }
  /// out[t * sampled_rows().size() + k] = l_i(T_t) of i = sampled_rows()[k] in double, NaN for classes of one.
  std::vector<double> sample_losses(const std::vector<double>& temperatures) {
    return judged_.sample_losses(temperatures);
  }
  /// Whether the squared norms of the queries differ by more than those of independent features do.
  bool norms_vary() const;
  const Points& points() const { return points_; }
  const Queries& queries() const { return queries_; }
  /// Over all pairs, so far.
  std::size_t passes() const { return passes_; }
  /// For work of order n: a few rows are done before a thread has started.
  std::size_t threads_for_rows() const { return queries_.size() < 1024 ? 1 : threads_; }

 private:
  static constexpr double tolerance = 5e-6;

  template <class Real>
  Tiles<Real>& tiles();
  template <class Real>
  Profile make(const std::vector<double>& temperatures, Grouping grouping);
  Profile make_exact(const std::vector<double>& temperatures);
  Profile make_of_some(const std::vector<double>& temperatures, const std::vector<std::size_t>& rows);
  std::vector<std::size_t> rows_that_matter(double temperature) const;
  template <class Real>
  PointDetails all_details(double temperature);
  PointDetails exact_details(double temperature);
  bool few_are_near(double temperature);
  void judge(Profile& profile);
  double float_error(const double* losses, double temperature) const;
  double shift_for(double lowest_temperature);

  const Points& points_;
  const Queries& queries_;
  Precision precision_;
  std::size_t exact_pairs_, threads_;
  MemoryPlan memory_;
  EvaluatorMakers makers_;
  bool keep_ = false;                   // before the tiles, which are made in the constructor
  std::optional<Tiles<float>> single_;  // one of the two at a time: both would be three copies of the samples
  std::optional<Tiles<double>> double_;
  std::optional<SettledNearest> nearest_;
  JudgedRows judged_;
  std::optional<ExactRows> all_rows_;   // where there are few, or nothing else decides
  std::optional<ExactRows> some_rows_;  // that alone matter at temperatures evaluated last
  std::vector<std::size_t> some_;       // queries that they are
  std::optional<LossBound> bound_;
  double float_floor_ = 0;  // float was found wanting at this temperature: not tried again at or below it
  std::size_t passes_ = 0;
};

}  // namespace snnl::engine
