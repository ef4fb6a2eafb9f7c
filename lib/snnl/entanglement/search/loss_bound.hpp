#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"

namespace snnl::engine {

/// Nearest distances of a query, and how far they may be from the truth.
struct BoundedNearest {
  Nearest nearest;
  double margin = 0;      ///< of either distance
  double gap = 0;         ///< same less other
  double gap_margin = 0;  ///< of that
};

/// A lower bound of the mean loss between temperatures at which it is known, that holds for all rows.
///
/// With b = 1 / T, A(b) = log sum exp(-b d) over a row's own class and B(b) the same over all others, the row's loss is
/// log(1 + exp(B - A)). A and B are log-partition functions: convex in b. So between two values of b where both are
/// known, A is at most its chord, and B at least any line through two of its values outside: the loss is at least
/// softplus of a maximum of lines, which is convex in b, and so is the mean of all rows. A convex function is bounded
/// from below by its tangents, of which a few decide whether it dips below a value. At b = 0 A and B are the logarithms
/// of counts, and the slope of B is minus the mean distance; beyond the largest known b, A falls at least as fast as
/// its nearest distance says, and B no faster than its own.
class LossBound {
 public:
  /// Keeps `points` and `queries`, which must outlive it. `offsets` [queries]: what log masses are relative to.
  /// `norms` [queries] squared norms; nearest distances as they are known.
  LossBound(const Points& points, const Queries& queries, std::vector<double> offsets, const std::vector<double>& norms,
            std::vector<BoundedNearest> nearest, std::size_t threads);

  /// All queries at a temperature.
  struct Known {
    double temperature = 0;
    const double* losses = nullptr;  ///< [queries]
    /// [queries] log sum_j exp((offset - d_ij) / T); NaN where not known: the loss is next to nothing there
    const double* log_masses = nullptr;
    double error = 0;  ///< how much the mean loss may be wrong
  };
  void add(const std::vector<Known>& known);

  /// 1 / T of the temperatures known, ascending; the first is 0.
  std::size_t size() const { return nodes_.size(); }
  double inverse_temperature(std::size_t k) const { return nodes_[k].b; }

  /// Between the k-th and the next of them (for the last one: up to any b), inside [low, high]: nothing where the mean
  /// loss is proven to be at least `target`, else a b where the bound is below it.
  std::optional<double> dip(std::size_t k, double low, double high, double target) const;

 private:
  struct Node {
    double b = 0;
    double error = 0;
    double loss = 0;                  // mean
    std::vector<double> same, other;  // A + b offset, B + b offset; other is NaN where it is not known, and
    bool partial = false;             // same, for some rows, what it is at most: no tangent goes through the loss
  };
  struct At {
    double value = 0, slope = 0;
  };
  /// The sums of b that make lines: what the stretch after the k-th node is bounded by.
  struct Stretch {
    const Node *begin, *end;     // end: null beyond the last
    const Node *before, *after;  // far enough for a slope that rounding does not spoil; null where there is none
  };
  Node node(const Known& known) const;
  Stretch stretch(std::size_t k) const;
  At evaluate(const Stretch& s, double b) const;

  std::size_t threads_;
  std::vector<Node> nodes_;
  std::vector<double> weight_;  // [queries] share in the mean loss; 0 where not scored
  std::vector<double> fall_of_same_, fall_of_other_, rise_of_other_;  // slopes of A, B beyond what is known
  std::vector<double> slope_at_zero_;                                 // of B
};

}  // namespace snnl::engine
