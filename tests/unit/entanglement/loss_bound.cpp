#include "snnl/entanglement/search/loss_bound.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "search/families.hpp"
#include "snnl/entanglement/evaluator.hpp"
#include "snnl/entanglement/input.hpp"
#include "support/data.hpp"

namespace {

/// What is between the temperatures evaluated is no less than the bound says, and the bound says something.
void check_bound(const data::Samples& s, snnl::Distance distance, const std::vector<double>& octaves) {
  const snnl::engine::NumberedClasses classes = snnl::engine::number_classes(s.y);
  const snnl::MatrixView<const float> view{s.x.data(), s.x.shape(0), s.x.shape(1)};
  const snnl::engine::Points points(view, classes.numbers, classes.labels.size(), distance);
  const snnl::engine::Queries queries(points);
  snnl::EntanglementOptions options;
  options.precision = snnl::Precision::twice;
  options.threads = 1;
  snnl::engine::LossEvaluator evaluator(points, queries, options, {});
  const double unit = points.mean_distance();
  std::vector<double> temperatures;
  for (const double octave : octaves) temperatures.push_back(unit * std::exp2(octave));
  evaluator.evaluate(temperatures);
  const snnl::engine::LossBound bound = evaluator.bound();  // as it is now: what follows adds to it
  for (std::size_t k = 0; k < bound.size(); ++k) {
    const double low = std::max(bound.inverse_temperature(k), std::exp2(-10) / unit);
    const double high = k + 1 < bound.size() ? bound.inverse_temperature(k + 1) : std::exp2(40) / unit;
    if (!(low < high)) continue;
    double least = std::numeric_limits<double>::infinity();
    for (int p = 0; p <= 24; ++p) {
      const double b = low * std::pow(high / low, p / 24.);
      least = std::min(least, evaluator.evaluate({1 / b})[0].loss);
    }
    CAPTURE(std::log2(1 / low / unit));
    CAPTURE(std::log2(1 / high / unit));
    // No proof that it is more than it is.
    CHECK(bound.dip(k, low, high, least + 1e-7 * std::max(1., least)).has_value());
    // Nothing is less than no loss at all.
    CHECK_FALSE(bound.dip(k, low, high, -1e-6).has_value());
  }
}

}  // namespace

TEST_CASE("the bound of the loss is never above the loss between temperatures") {
  for (const data::Samples& s : data::hard_cases()) {
    if (s.x.shape(1) > 1000 || s.name == "one class only" || s.name == "two samples of one class") continue;
    CAPTURE(s.name);
    check_bound(s, snnl::Distance::sqeuclidean, {-6, -5, -4.5, -4, -2});
    check_bound(s, snnl::Distance::sqeuclidean, {-30, -3, -2.75, 1, 9});
  }
  for (std::size_t family = 0; family < search::families; ++family) {
    const search::Recipe recipe = search::make_recipe(family, 77, 120);
    const data::Samples s = search::cook(recipe);
    if (snnl::engine::number_classes(s.y).labels.size() < 2) continue;
    CAPTURE(recipe.text());
    check_bound(s, recipe.cosine ? snnl::Distance::cosine : snnl::Distance::sqeuclidean, {-8, -6, -5.75, -5, -3, 0});
  }
}

TEST_CASE("one pass around the minimum leaves nothing open where classes overlap") {
  const data::Samples s = data::clusters(900, 64, 10, .3, 5);
  const snnl::engine::NumberedClasses classes = snnl::engine::number_classes(s.y);
  const snnl::engine::Points points(snnl::MatrixView<const float>{s.x.data(), 900, 64}, classes.numbers, 10,
                                    snnl::Distance::sqeuclidean);
  const snnl::engine::Queries queries(points);
  snnl::engine::LossEvaluator evaluator(points, queries, {}, {});
  std::vector<double> temperatures;
  for (int k = 0; k < 12; ++k) temperatures.push_back(std::exp2(k / 4. - 6) * points.mean_distance());
  const auto found = evaluator.evaluate(temperatures);
  double least = std::numeric_limits<double>::infinity();
  for (const auto& at : found) least = std::min(least, at.loss);
  const snnl::engine::LossBound& bound = evaluator.bound();
  const std::size_t last = bound.size() - 1;
  CHECK_FALSE(bound.dip(0, 0, bound.inverse_temperature(1), least));
  CHECK_FALSE(bound.dip(last, bound.inverse_temperature(last), std::exp2(40), least));
}
