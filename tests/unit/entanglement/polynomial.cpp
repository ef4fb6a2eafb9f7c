#include "snnl/entanglement/polynomial.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "snnl/entanglement/ladder.hpp"
#include "snnl/kernels/kernel_table.hpp"

TEST_CASE("the minimum of a parabola is found exactly, wherever the nodes lie") {
  const auto f = [](double x) { return 3 + 2 * (x - .3) * (x - .3); };
  const std::vector<double> x{1, -1, .25, 0};
  std::vector<double> y;
  for (const double v : x) y.push_back(f(v));
  const auto m = snnl::engine::minimum_of_interpolant(x, y);
  CHECK(m.x == doctest::Approx(.3).epsilon(1e-6));
  CHECK(m.y == doctest::Approx(3).epsilon(1e-12));
}

TEST_CASE("nine nodes over two octaves give the minimum of a smooth loss to 1e-8") {
  const auto f = [](double x) { return 1 / (1 + std::exp2(x + 1)) + .3 * std::exp2(.8 * x) + std::exp2(-2 * x - 3); };
  std::vector<double> x, y;
  for (int k = -4; k <= 4; ++k) {
    x.push_back(k / 4.);
    y.push_back(f(k / 4.));
  }
  double best = 1e9;
  for (int k = -100000; k <= 100000; ++k) best = std::min(best, f(k / 100000.));
  const auto m = snnl::engine::minimum_of_interpolant(x, y);
  CHECK(std::abs(m.y - best) < 1e-8);
  CHECK(f(m.x) - best < 1e-10);
}

TEST_CASE("interpolation weights give a polynomial of their degree exactly, and its derivative") {
  const std::vector<double> x{-1, .5, 2, 3.5, 4};
  const auto f = [](double v) { return 2 + v * (1 - v * (3 + v * (.5 - .25 * v))); };
  const auto slope = [](double v) { return 1 - 6 * v - 1.5 * v * v + v * v * v; };
  for (const double at : {-1., 0., 1.7, 4., 5.}) {
    const auto w = snnl::engine::interpolation_weights(x, at);
    double value = 0, derivative = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      value += w.value[k] * f(x[k]);
      derivative += w.derivative[k] * f(x[k]);
    }
    CHECK(value == doctest::Approx(f(at)).epsilon(1e-12));
    CHECK(derivative == doctest::Approx(slope(at)).epsilon(1e-12));
  }
}

TEST_CASE("a minimum at the edge of the nodes stays inside") {
  const auto m = snnl::engine::minimum_of_interpolant({0, 1, 2}, {5, 4, 3});
  CHECK(m.x <= 2);
  CHECK(m.x == doctest::Approx(2).epsilon(1e-6));
}

TEST_CASE("ladders take octaves together and keep every temperature once") {
  const std::vector<double> t{1, .25, .5, 3, .125, .0625, 1.5, .03125, .7};
  std::vector<int> seen(t.size(), 0);
  for (const snnl::engine::Ladder& ladder : snnl::engine::make_ladders(t)) {
    CHECK(ladder.index.size() <= snnl::kernels::max_ladder);
    for (std::size_t q = 0; q < ladder.index.size(); ++q) {
      ++seen[ladder.index[q]];
      CHECK(t[ladder.index[q]] == std::ldexp(ladder.top, -static_cast<int>(q)));
    }
  }
  for (const int k : seen) CHECK(k == 1);
  CHECK(snnl::engine::make_ladders(t).size() == 4);  // 1..1/8, 1/16 and 1/32, 3 and 1.5, 0.7
}
