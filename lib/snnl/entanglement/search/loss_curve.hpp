#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "snnl/entanglement/evaluator.hpp"
#include "snnl/entanglement/search/range.hpp"

namespace snnl::engine {

/// What is known of the mean loss as a function of the temperature, in octaves relative to the mean distance: values at
/// the octaves that were evaluated, and for what lies between them, where it is proven to hold no less than a value.
class LossCurve {
 public:
  /// Losses closer than this are the same.
  static constexpr double same_loss = 1e-9;

  explicit LossCurve(LossEvaluator& evaluator);

  double temperature(double octave) const;
  double octave(double temperature) const;

  /// The mean loss at an octave; infinity where it was not evaluated, or not well enough.
  double at(double octave) const;
  /// Where the least loss known is, and that: of those that may as well be the least, one that is surely low. Something
  /// must be known.
  std::pair<double, double> least() const;
  struct Known {
    double loss = 0, error = 0;
  };
  /// [octaves evaluated]
  const std::map<double, Known>& known() const { return losses_; }
  /// Whether the octave was evaluated, well enough or not.
  bool was_tried(double octave) const;

  /// Evaluates those octaves inside the range that are not known, exactly, over all pairs.
  void evaluate(const std::vector<double>& octaves);
  /// Takes what a pass has found.
  void add(const Profile& profile);

  /// Whether the loss at the lowest octave, which is evaluated where it may matter, is no more than `loss`: it has its
  /// least value as T -> 0.
  bool limit_is(double loss);

  /// A stretch between neighbouring octaves that were evaluated, or the end of the range.
  struct Stretch {
    double low = 0, high = 0;  ///< octaves
    double dip = 0;            ///< an octave in it, about where the bound is low
  };
  /// The stretches where the loss may be below `target`, as far as is proven: but for those closed.
  std::vector<Stretch> open(double target);
  /// What lies between is known to hold no minimum of interest.
  void close(double low, double high);

 private:
  bool is_closed(double low, double high) const;

  LossEvaluator& evaluator_;
  double unit_;
  std::map<double, Known> losses_;
  std::vector<double> tried_;
  std::vector<std::pair<double, double>> closed_;
  std::optional<double> least_limit_;  // what the loss at the lowest octave is at least
};

}  // namespace snnl::engine
