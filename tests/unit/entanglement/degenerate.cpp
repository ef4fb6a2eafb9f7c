#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "snnl/entanglement.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

using snnl::entanglement;
using snnl::TemperatureStatus;

namespace {

xt::xtensor<float, 2> matrix(std::initializer_list<std::initializer_list<float>> rows) { return rows; }

std::string message_of(const xt::xtensor<float, 2>& x, const std::vector<std::int64_t>& y,
                       const snnl::EntanglementOptions& options = {}) {
  try {
    entanglement(x, y, options);
  } catch (const snnl::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("one class only: nothing is entangled, at any temperature") {
  const auto s = data::clusters(50, 4, 1, 1, 1);
  const auto r = entanglement(s.x, s.y);
  CHECK(r.value == 0);
  CHECK(r.chance == 0);
  CHECK(std::isnan(r.normalized));
  CHECK(r.temperature_status == TemperatureStatus::upper_bound);
  CHECK(r.temperature == doctest::Approx(std::ldexp(r.mean_distance, 10)));
  CHECK(r.class_similarity(0, 0) == 1);
}

TEST_CASE("two perfectly separated classes: the loss vanishes as T -> 0") {
  const auto s = data::clusters(100, 8, 2, 100, 10);
  const auto r = entanglement(s.x, s.y);
  CHECK(r.temperature_status == TemperatureStatus::lower_bound);
  const auto d = definition::distances(data::widen(s.x));
  // The largest temperature whose loss is within 1e-9 of the limit, which is 0.
  CHECK(definition::entanglement(d, s.y, r.temperature) <= 1.0001e-9);
  CHECK(definition::entanglement(d, s.y, r.temperature * 1.0001) > 1e-9);
}

TEST_CASE("each nearest neighbour is of the other class and everything else is mixed: chance is the best there is") {
  // Pairs of one sample of each class at the same place, all pairs equally far from each other.
  auto x = xt::xtensor<float, 2>::from_shape({8, 4});
  x.fill(0);
  std::vector<std::int64_t> y;
  for (std::size_t i = 0; i < 8; ++i) {
    x(i, i / 2) = 1;
    y.push_back(static_cast<std::int64_t>(i % 2));
  }
  const auto r = entanglement(x, y);
  CHECK(r.temperature_status == TemperatureStatus::upper_bound);
  CHECK(r.temperature == doctest::Approx(std::ldexp(r.mean_distance, 10)));
  CHECK(r.value == doctest::Approx(r.chance).epsilon(1e-3));
}

TEST_CASE("exact duplicates across classes: the limit for T -> 0 is not zero, and is found") {
  // Two tight groups far apart; in each, one sample of the other class lies exactly on one of the group's own.
  const auto x = matrix({{0, 0}, {0, 0}, {0, 0}, {100, 0}, {100, 0}, {100, 0}, {100, 0}});
  const std::vector<std::int64_t> y{0, 0, 1, 1, 1, 1, 0};
  const auto r = entanglement(x, y);
  const auto d = definition::distances(data::widen(x));
  // The value is interpolated between temperatures evaluated exactly, to 2e-7.
  CHECK(std::abs(r.value - definition::entanglement(d, y, r.temperature)) <= 2e-7);
  CHECK(r.value <= definition::scan(d, y).value + 2e-7);
}

TEST_CASE("classes of one are neighbours but are not scored") {
  const auto x = matrix({{0}, {1}, {3}, {7}});
  const std::vector<std::int64_t> y{5, 5, 8, -3};
  snnl::EntanglementOptions options;
  options.temperature = 2;
  const auto r = entanglement(x, y, options);
  CHECK(r.samples == 4);
  CHECK(r.scored == 2);
  CHECK(r.classes == std::vector<std::int64_t>{-3, 5, 8});
  CHECK(r.class_counts == std::vector<std::size_t>{1, 2, 1});
  CHECK(std::isnan(r.sample_loss[2]));
  CHECK(std::isnan(r.class_entanglement[0]));
  const double l0 = std::log((std::exp(-.5) + std::exp(-4.5) + std::exp(-24.5)) / std::exp(-.5));
  const double l1 = std::log((std::exp(-.5) + std::exp(-2.) + std::exp(-18.)) / std::exp(-.5));
  CHECK(r.value == doctest::Approx((l0 + l1) / 2).epsilon(1e-6));
  CHECK(r.standard_error == doctest::Approx(std::abs(l0 - l1) / 2).epsilon(1e-5));
  CHECK(r.chance == doctest::Approx(std::log(3.)));
  CHECK(r.temperature_status == TemperatureStatus::fixed);
}

TEST_CASE("two samples of one class") {
  const auto r = entanglement(matrix({{0, 1}, {1, 0}}), {3, 3});
  CHECK(r.value == 0);
  CHECK(r.effective_neighbors == doctest::Approx(1));
}

TEST_CASE("rows of zeros have cosine similarity 0 to every other row") {
  const auto x = matrix({{1, 0}, {2, 0}, {0, 0}, {0, 3}, {0, 0}});
  const std::vector<std::int64_t> y{0, 0, 1, 1, 0};
  snnl::EntanglementOptions options;
  options.distance = snnl::Distance::cosine;
  options.temperature = .5;
  const auto d = definition::distances(data::widen(x), snnl::Distance::cosine);
  CHECK(d[2][4] == 1);
  CHECK(d[2][3] == 1);
  const auto r = entanglement(x, y, options);
  CHECK(r.value == doctest::Approx(definition::entanglement(d, y, .5)).epsilon(1e-6));
  CHECK(r.mean_distance == doctest::Approx(definition::mean_distance(d)).epsilon(1e-9));
}

TEST_CASE("what cannot be analysed says so") {
  const auto x = matrix({{0, 1}, {1, 0}, {2, 2}});
  snnl::EntanglementOptions options;
  CHECK(message_of(x, {0, 0}).find("3 samples, but 2 labels") != std::string::npos);
  CHECK(message_of(matrix({{1, 2}}), {0}).find("fewer than two samples") != std::string::npos);
  CHECK(message_of(x, {0, 1, 2}).find("no class has two members") != std::string::npos);
  CHECK(message_of(matrix({{1, 2}, {1, 2}, {1, 2}}), {0, 0, 1}).find("every distance is zero") != std::string::npos);
  const float inf = std::numeric_limits<float>::infinity();
  CHECK(message_of(matrix({{1, 2}, {1, inf}, {1, 2}}), {0, 0, 1}).find("row 1") != std::string::npos);
  for (const double t : {0., -1., std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    options.temperature = t;
    CHECK(message_of(x, {0, 0, 1}, options).find("temperature: must be") != std::string::npos);
  }
  options.temperature.reset();
  options.temperature_curve = 1;
  CHECK(message_of(x, {0, 0, 1}, options).find("temperature_curve") != std::string::npos);
  options = {};
  options.distance = snnl::Distance::cosine;
  CHECK(message_of(matrix({{1, 2}, {2, 4}, {3, 6}}), {0, 0, 1}, options).find("every distance is zero") !=
        std::string::npos);
  const xt::xtensor<double, 2> huge{{1e200, 0}, {0, 1e200}, {3e200, 0}};
  CHECK_THROWS_AS(entanglement(huge, std::vector<std::int64_t>{0, 0, 1}), snnl::Error);
  const xt::xtensor<double, 2> tiny{{1e-200, 0}, {0, 1e-200}, {3e-200, 0}};
  CHECK_THROWS_AS(entanglement(tiny, std::vector<std::int64_t>{0, 0, 1}), snnl::Error);
  const auto empty = xt::xtensor<float, 2>::from_shape({3, 0});
  CHECK(message_of(empty, {0, 0, 1}).find("no features") != std::string::npos);
}

TEST_CASE("extreme fixed temperatures give the limits, not NaN") {
  const auto s = data::clusters(60, 5, 3, .5, 3);
  const auto d = definition::distances(data::widen(s.x));
  snnl::EntanglementOptions options;
  for (const double t : {1e-30, 1e-12, 1e12, 1e30, 1e300}) {
    CAPTURE(t);
    options.temperature = t;
    const auto r = entanglement(s.x, s.y, options);
    const double expected = definition::entanglement(d, s.y, t);
    CHECK(r.value == doctest::Approx(expected).epsilon(1e-5));
    CHECK(std::isfinite(r.effective_neighbors));
  }
  options.temperature = 1e-320;
  CHECK_THROWS_AS(entanglement(s.x, s.y, options), snnl::Error);
}

TEST_CASE("labels may come in any range of integers") {
  const auto s = data::clusters(40, 3, 2, 1, 4);
  const std::vector<int> ints(s.y.begin(), s.y.end());
  xt::xtensor<int, 1> tensor = xt::xtensor<int, 1>::from_shape({40});
  std::copy(s.y.begin(), s.y.end(), tensor.begin());
  const double value = entanglement(s.x, s.y).value;
  CHECK(entanglement(s.x, ints).value == value);
  CHECK(entanglement(s.x, tensor).value == value);
}

TEST_CASE("the temperature curve holds the mean distance and the optimum, ascending") {
  const auto s = data::clusters(100, 6, 3, .4, 5);
  snnl::EntanglementOptions options;
  options.temperature_curve = 33;
  const auto r = entanglement(s.x, s.y, options);
  REQUIRE(r.curve_temperature.size() == 33);
  REQUIRE(r.curve_value.size() == 33);
  CHECK(std::is_sorted(r.curve_temperature.begin(), r.curve_temperature.end()));
  CHECK(r.curve_temperature.front() <= r.temperature / 8 * (1 + 1e-12));
  CHECK(r.curve_temperature.back() >= r.temperature * 8 * (1 - 1e-12));
  const auto d = definition::distances(data::widen(s.x));
  for (std::size_t k = 0; k < 33; ++k) {
    const double expected = definition::entanglement(d, s.y, r.curve_temperature[k]);
    CHECK(std::abs(r.curve_value[k] - expected) <= 1e-5 * std::max(1., expected));
    CHECK(r.curve_value[k] >= r.value - 1e-6);
  }
}

TEST_CASE("a row too short for its direction to be a number is told under cosine, not taken for equal ones") {
  const xt::xtensor<double, 2> x{{1e-310, 2e-310}, {3., 1.}, {2., 5.}, {4., 1.}};
  snnl::EntanglementOptions options;
  options.distance = snnl::Distance::cosine;
  CHECK_THROWS_WITH_AS(entanglement(x, std::vector<std::int64_t>{0, 0, 1, 1}, options),
                       "row 0 is so short that its direction is no number; scale the values up", snnl::Error);
}
