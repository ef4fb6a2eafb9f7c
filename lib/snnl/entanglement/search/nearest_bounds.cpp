#include "snnl/entanglement/search/nearest_bounds.hpp"

#include <cmath>
#include <limits>

#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/search/loss_curve.hpp"
#include "snnl/entanglement/softplus.hpp"

namespace snnl::engine {

LossBounds nearest_bounds(const LossEvaluator& evaluator, double temperature) {
  const Points& points = evaluator.points();
  const Queries& queries = evaluator.queries();
  LossBounds sum;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    const std::size_t members = points.class_size(c);
    if (members < 2) continue;
    const double own = std::log(static_cast<double>(members - 1));
    const double others = std::log(static_cast<double>(points.size() - members));
    LossBounds of_class;
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      const BoundedNearest& nearest = evaluator.nearest()[i];
      if (!std::isfinite(nearest.nearest.other)) continue;
      of_class.lower += softplus((nearest.gap - nearest.gap_margin) / temperature - own);
      of_class.upper += softplus((nearest.gap + nearest.gap_margin) / temperature + others);
    }
    sum.lower += queries.weight(c) * of_class.lower;
    sum.upper += queries.weight(c) * of_class.upper;
  }
  const auto scored = static_cast<double>(count_scored(evaluator.points().class_sizes()));
  return {sum.lower / scored, sum.upper / scored};
}

double estimated_loss(const LossEvaluator& evaluator, double temperature) {
  const Points& points = evaluator.points();
  const Queries& queries = evaluator.queries();
  double sum = 0;
  for (std::size_t c = 0; c < points.classes(); ++c) {
    const std::size_t members = points.class_size(c);
    if (members < 2) continue;
    const double more = std::log(static_cast<double>(points.size() - members) / static_cast<double>(members - 1)) / 2;
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      const BoundedNearest& nearest = evaluator.nearest()[i];
      if (std::isfinite(nearest.nearest.other)) sum += queries.weight(c) * softplus(nearest.gap / temperature + more);
    }
  }
  return sum;
}

bool vanishes(const LossEvaluator& evaluator, double lowest) {
  for (const BoundedNearest& row : evaluator.nearest()) {
    if (!std::isfinite(row.nearest.same) || row.nearest.other == std::numeric_limits<double>::infinity()) continue;
    if (row.gap + row.gap_margin >= 0) return false;
  }
  // Rows that are multiples of each other are one under cosine, but for the last bit of extended precision.
  return nearest_bounds(evaluator, lowest).upper <= LossCurve::same_loss;
}

}  // namespace snnl::engine
