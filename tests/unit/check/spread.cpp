#include "check/spread.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using snnl::check::Spread;
using snnl::check::spread_of;
using snnl::check::Worse;

TEST_SUITE("check") {
  TEST_CASE("spread: of one epoch, by the definition") {
    const Spread one = spread_of({{9, 10, 11}});
    CHECK(one.runs == 3);
    CHECK(one.epochs == 1);
    CHECK(one.share == doctest::Approx(.1));
    CHECK(one.degrees == doctest::Approx(2));
    // Student's t of 2 degrees of freedom at 0.995 and 0.99: R, qt(c(.995, .99), 2).
    CHECK(one.limit(10, Worse::both, 1) == doctest::Approx(9.924843 * std::sqrt(4. / 3)).epsilon(1e-6));
    CHECK(one.limit(10, Worse::higher, 1) == doctest::Approx(6.964557 * std::sqrt(4. / 3)).epsilon(1e-6));
    CHECK(one.limit(10, Worse::both, 2) > one.limit(10, Worse::both, 1));
  }

  TEST_CASE("spread: epochs that move together tell no more than one, and others do") {
    const Spread together = spread_of({{9, 10, 11}, {18, 20, 22}, {.9, 1, 1.1}});
    CHECK(together.share == doctest::Approx(.1));
    CHECK(together.degrees == doctest::Approx(2));
    const Spread apart = spread_of({{9, 10, 11}, {10.5, 9, 10.5}});
    CHECK(apart.degrees > 3);
    CHECK(apart.degrees <= 4);
  }

  TEST_CASE("spread: runs that are alike, and numbers next to 0") {
    CHECK(spread_of({{1, 1, 1}}).limit(1, Worse::both, 1) == 0);
    const Spread separated = spread_of({{1e-9, 2e-9, 1e-12}});
    CHECK(separated.epochs == 0);
    CHECK(separated.limit(1e-9, Worse::both, 1) == 0);
    CHECK(spread_of({{9, 10, 11}, {1e-9, 2e-9, 1e-12}}).share == doctest::Approx(.1));
  }

  TEST_CASE("spread: of runs from one distribution about one in a hundred is beyond the limit") {
    // Epochs that share half of their variance, as of real trainings; seeded.
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    for (const std::size_t runs : {3u, 5u, 8u}) {
      CAPTURE(runs);
      int beyond = 0;
      constexpr int trials = 4000;
      for (int trial = 0; trial < trials; ++trial) {
        std::vector<std::vector<double>> values(3, std::vector<double>(runs));
        std::vector<double> other(3);
        for (std::size_t r = 0; r <= runs; ++r) {
          const double common = normal(random);
          for (std::size_t e = 0; e < 3; ++e) {
            const double value = 1 + .01 * (std::sqrt(.5) * common + std::sqrt(.5) * normal(random));
            (r < runs ? values[e][r] : other[e]) = value;
          }
        }
        const Spread spread = spread_of(values);
        double mean = 0;
        for (const double value : values[2]) mean += value / static_cast<double>(runs);
        beyond += std::abs(other[2] - mean) > spread.limit(mean, Worse::both, 1);
      }
      // Made smaller by what is left in; three standard errors of 1 in 100 above it.
      CHECK(beyond < trials * (.01 + 3 * std::sqrt(.01 / trials)));
      CHECK(beyond > trials * .001);
    }
  }
}
