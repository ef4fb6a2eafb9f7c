// Accuracy, cross-entropy and calibration, by hand.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "snnl/error.hpp"
#include "snnl/metrics.hpp"

using snnl::metrics::calibration;
using snnl::metrics::classifier_scores;

TEST_SUITE("metrics") {
  TEST_CASE("calibration: by hand") {
    // Bins of a quarter: {.1, .2}: one of two correct; {.6}: none; {.9, 1, .75}: all.
    const auto c = calibration({.1, .2, .6, .9, 1, .75}, {true, false, false, true, true, true}, 4);
    CHECK(c.bins[0].count == 2);
    CHECK(c.bins[1].count == 0);
    CHECK(c.bins[2].count == 1);
    CHECK(c.bins[3].count == 3);  // an edge belongs to the bin above it, the last one to the last bin
    CHECK(c.bins[0].confidence == doctest::Approx(.15));
    CHECK(c.bins[0].accuracy == .5);
    CHECK(std::isnan(c.bins[1].accuracy));
    CHECK(c.maximum_error == doctest::Approx(.6));
    const double last = 1 - (.9 + 1 + .75) / 3;
    CHECK(c.expected_error == doctest::Approx((2 * .35 + 1 * .6 + 3 * last) / 6));
  }

  TEST_CASE("calibration: every edge is in the bin above it") {
    for (std::size_t bins = 1; bins <= 40; ++bins) {
      for (std::size_t b = 0; b <= bins; ++b) {
        const double p = static_cast<double>(b) / static_cast<double>(bins);
        CHECK(calibration({p}, {true}, bins).bins[std::min(b, bins - 1)].count == 1);
        if (b > 0) CHECK(calibration({std::nextafter(p, 0)}, {true}, bins).bins[b - 1].count == 1);
      }
    }
  }

  TEST_CASE("calibration: perfect, and what it cannot be taken of") {
    CHECK(calibration({1, 1}, {true, true}).expected_error == 0);
    CHECK(calibration({1}, {false}).expected_error == 1);
    CHECK_THROWS_AS(calibration({}, {}), snnl::Error);
    CHECK_THROWS_AS(calibration({.5}, {}), snnl::Error);
    CHECK_THROWS_AS(calibration({1.5}, {true}), snnl::Error);
    CHECK_THROWS_AS(calibration({std::nan("")}, {true}), snnl::Error);
    CHECK_THROWS_AS(calibration({.5}, {true}, 0), snnl::Error);
  }

  TEST_CASE("classifier scores: by hand, ties, and logits far apart") {
    const std::vector<float> logits{0, 1, 2, /**/ 3, 3, 0, /**/ 1000, -1000, 0};
    const auto s = classifier_scores({logits.data(), 3, 3}, {2, 1, 1});
    CHECK(s.predictions == std::vector<std::int64_t>{2, 0, 0});
    CHECK(s.correct == std::vector<bool>{true, false, false});
    CHECK(s.accuracy == doctest::Approx(1. / 3));
    const double first = 1 + std::exp(-1.) + std::exp(-2.), second = 2 + std::exp(-3.);
    CHECK(s.confidence[0] == doctest::Approx(1 / first));
    CHECK(s.confidence[1] == doctest::Approx(1 / second));
    CHECK(s.confidence[2] == 1);
    CHECK(s.cross_entropy == doctest::Approx((std::log(first) + std::log(second) + 2000) / 3));
  }

  TEST_CASE("classifier scores: what they cannot be taken of") {
    const std::vector<float> logits{0, 1};
    CHECK_THROWS_WITH(classifier_scores({logits.data(), 1, 2}, {2}), "label 2 is outside the 2 classes");
    CHECK_THROWS_WITH(classifier_scores({logits.data(), 1, 2}, {-1}), "label -1 is outside the 2 classes");
    CHECK_THROWS_WITH(classifier_scores({logits.data(), 1, 2}, {}), "1 rows of logits, but 0 labels");
    CHECK_THROWS_AS(classifier_scores({logits.data(), 0, 2}, {}), snnl::Error);
    const std::vector<float> bad{0, std::numeric_limits<float>::quiet_NaN()};
    CHECK_THROWS_WITH(classifier_scores({bad.data(), 1, 2}, {0}), "row 0 of the logits holds NaN");
  }
}
