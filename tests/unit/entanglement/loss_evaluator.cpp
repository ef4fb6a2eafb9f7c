// Evaluation row by row, where passes decided nothing.

#include <doctest/doctest.h>

#include "snnl/entanglement/evaluator.hpp"
#include "snnl/entanglement/input.hpp"
#include "snnl/entanglement/search.hpp"
#include "snnl/error.hpp"
#include "snnl/product/plain.hpp"
#include "support/data.hpp"

namespace {

constexpr std::size_t count = 300;

class Made {
 public:
  explicit Made(std::size_t exact_pairs, snnl::Precision precision = snnl::Precision::automatic,
                std::size_t keep = std::size_t{1} << 30, const snnl::engine::EvaluatorMakers& makers = {}) {
    options_.exact_pairs = exact_pairs;
    options_.precision = precision;
    snnl::engine::MemoryPlan memory;
    memory.keep = keep;
    evaluator.emplace(points_, queries_, options_, memory, makers);
  }
  double unit() const { return points_.mean_distance(); }

 private:
  data::Samples samples_ = data::clusters(count, 6, 4, .5, 3);
  snnl::engine::NumberedClasses classes_ = snnl::engine::number_classes(samples_.y);
  snnl::engine::Points points_{
      snnl::MatrixView<const float>{samples_.x.data(), samples_.x.shape(0), samples_.x.shape(1)}, classes_.numbers, 4,
      snnl::Distance::sqeuclidean};
  snnl::engine::Queries queries_{points_};
  snnl::EntanglementOptions options_;

 public:
  std::optional<snnl::engine::LossEvaluator> evaluator;  // after what it keeps
};

/// Distances of a block after the first are too large, as where a kernel is broken: by half.
template <class Real>
snnl::product::Products<Real> broken() {
  snnl::product::Products<Real> maker = snnl::product::plain<Real>();
  maker.name = "broken";
  maker.squared_distances = [](const snnl::product::RowBlock<Real>& left, const snnl::product::RowBlock<Real>& right,
                               Real* out, std::size_t stride) {
    snnl::product::plain<Real>().squared_distances(left, right, out, stride);
    for (std::size_t i = 8; i < left.rows; ++i) {
      for (std::size_t j = 8; j < right.rows; ++j) out[i * stride + j] *= Real(1.5);
    }
  };
  return maker;
}

}  // namespace

TEST_CASE("an evaluator whose products in float are wrong finds that") {
  const auto single = broken<float>();
  Made made(0, snnl::Precision::automatic, 1 << 20, {.single = single}), right(0);
  Made believed(0, snnl::Precision::single, 1 << 20, {.single = single});
  const std::vector<double> temperatures{.1 * made.unit()};
  const double loss = right.evaluator->evaluate(temperatures)[0].loss;
  CHECK(made.evaluator->evaluate(temperatures)[0].loss == doctest::Approx(loss).epsilon(1e-5));
  CHECK(believed.evaluator->evaluate(temperatures)[0].loss != doctest::Approx(loss).epsilon(1e-2));
}

TEST_CASE("an evaluator whose products in double are wrong says so") {
  const auto twice = broken<double>();
  const std::string what =
      "products by broken are wrong on this processor; let others make them: SNNL_PRODUCTS=packed, or plain";
  Made tiles(0, snnl::Precision::twice, 1 << 20, {.twice = twice});
  CHECK_THROWS_WITH_AS(tiles.evaluator->evaluate({.1 * tiles.unit()}), what.c_str(), snnl::Error);
  Made rows(count * count, snnl::Precision::automatic, 1 << 20, {.rows = twice});
  REQUIRE(rows.evaluator->few());
  CHECK_THROWS_WITH_AS(rows.evaluator->evaluate({.1 * rows.unit()}), what.c_str(), snnl::Error);
}

TEST_CASE("an evaluator whose products in double are wrong says so at a temperature that was given, too") {
  const auto single = broken<float>();
  const auto twice = broken<double>();
  Made tiles(0, snnl::Precision::twice, 1 << 20, {.twice = twice});
  CHECK_THROWS_AS(tiles.evaluator->details(.1 * tiles.unit()), snnl::Error);
  Made after_float(0, snnl::Precision::automatic, 1 << 20, {.single = single, .twice = twice});
  CHECK_THROWS_AS(after_float.evaluator->details(.1 * after_float.unit()), snnl::Error);
  Made rows(count * count, snnl::Precision::automatic, 1 << 20, {.rows = twice});
  CHECK_THROWS_AS(rows.evaluator->details(.1 * rows.unit()), snnl::Error);
}

TEST_CASE("an evaluator that becomes exact is as one that was") {
  Made made(count * count / 16), exact(count * count);
  snnl::engine::LossEvaluator &a = *made.evaluator, &b = *exact.evaluator;
  REQUIRE(!a.few());
  REQUIRE(b.few());
  const std::vector<double> temperatures{.01 * made.unit(), .1 * made.unit()};
  a.evaluate(temperatures);
  REQUIRE(a.become_exact());
  CHECK(a.few());
  CHECK(!a.become_exact());  // again
  const std::vector<snnl::engine::LossAt> of_a = a.evaluate(temperatures), of_b = b.evaluate(temperatures);
  for (std::size_t t = 0; t < 2; ++t) {
    CHECK(of_a[t].loss == of_b[t].loss);
    CHECK(of_a[t].error == of_b[t].error);
  }
  REQUIRE(a.nearest().size() == count);
  for (std::size_t i = 0; i < count; ++i) CHECK(a.nearest()[i].gap == b.nearest()[i].gap);
  CHECK(a.bound().size() == b.bound().size());
  const snnl::engine::OptimalTemperature at_a = snnl::engine::find_optimal_temperature(a),
                                         at_b = snnl::engine::find_optimal_temperature(b);
  CHECK(at_a.temperature == at_b.temperature);
  CHECK(at_a.status == at_b.status);
  CHECK(a.details(at_a.temperature).losses == b.details(at_b.temperature).losses);
  CHECK(a.details(at_a.temperature).in_double);
}

TEST_CASE("an evaluator does not become exact where that is too much, or not what was asked for") {
  CHECK(!Made(count * count / 16 - 1).evaluator->become_exact());
  CHECK(!Made(count * count / 16, snnl::Precision::single).evaluator->become_exact());
  CHECK(!Made(count * count / 16, snnl::Precision::automatic, count * count * 8 - 1).evaluator->become_exact());
  CHECK(Made(count * count / 16, snnl::Precision::automatic, count * count * 8).evaluator->become_exact());
  CHECK(Made(count * count / 16, snnl::Precision::twice).evaluator->become_exact());
}
