// Detection metrics, held against their definitions over all pairs and all thresholds.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "snnl/error.hpp"
#include "snnl/metrics.hpp"

using snnl::metrics::detection;

namespace {

std::vector<double> draw(std::size_t n, double shift, int levels, std::mt19937& random) {
  std::vector<double> out;
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = shift + normal(random);
    out.push_back(levels > 0 ? std::round(value * levels) / levels : value);  // equal scores
  }
  return out;
}

double share_from(const std::vector<double>& scores, double threshold) {
  return static_cast<double>(std::count_if(scores.begin(), scores.end(), [=](double s) { return s >= threshold; })) /
         static_cast<double>(scores.size());
}

}  // namespace

TEST_SUITE("metrics") {
  TEST_CASE("detection: the definitions, with and without equal scores") {
    std::mt19937 random(3);
    for (const int levels : {0, 1, 5}) {
      for (const auto& [p, n] : {std::pair{1, 1}, {30, 70}, {200, 20}}) {
        CAPTURE(levels);
        const auto positives = draw(static_cast<std::size_t>(p), 1, levels, random);
        const auto negatives = draw(static_cast<std::size_t>(n), 0, levels, random);
        double ordered = 0;
        for (const double a : positives) {
          for (const double b : negatives) ordered += a > b ? 1 : a == b ? .5 : 0;
        }
        std::set<double, std::greater<>> thresholds(positives.begin(), positives.end());
        thresholds.insert(negatives.begin(), negatives.end());
        double precision = 0, last = 0, fpr = 1;
        for (const double t : thresholds) {
          const double recall = share_from(positives, t), tp = recall * p, fp = share_from(negatives, t) * n;
          precision += (recall - last) * tp / (tp + fp);
          last = recall;
          if (recall >= .95 - 1e-12) fpr = std::min(fpr, fp / n);
        }
        const auto out = detection(positives, negatives);
        CHECK(out.positives == static_cast<std::size_t>(p));
        CHECK(out.negatives == static_cast<std::size_t>(n));
        CHECK(out.auroc == doctest::Approx(ordered / p / n).epsilon(1e-12));
        CHECK(out.average_precision == doctest::Approx(precision).epsilon(1e-12));
        CHECK(out.fpr_at_95_tpr == doctest::Approx(fpr).epsilon(1e-12));
        const auto roc = snnl::metrics::roc_curve(positives, negatives);
        CHECK(roc.size() == thresholds.size() + 1);
        double area = 0;
        for (std::size_t i = 1; i < roc.size(); ++i) {
          CHECK(roc[i].true_positive_rate == doctest::Approx(share_from(positives, roc[i].threshold)));
          area += (roc[i].false_positive_rate - roc[i - 1].false_positive_rate) *
                  (roc[i].true_positive_rate + roc[i - 1].true_positive_rate) / 2;
        }
        CHECK(area == doctest::Approx(out.auroc).epsilon(1e-12));
      }
    }
  }

  TEST_CASE("detection: all equal, all apart, what is refused") {
    const auto equal = detection({1, 1, 1}, {1, 1});
    CHECK(equal.auroc == .5);
    CHECK(equal.average_precision == 3. / 5);
    CHECK(equal.fpr_at_95_tpr == 1);
    const auto apart = detection({2, 3}, {0, 1});
    CHECK(apart.auroc == 1);
    CHECK(apart.average_precision == 1);
    CHECK(apart.fpr_at_95_tpr == 0);
    CHECK(detection({0, 1}, {2, 3}).auroc == 0);
    CHECK_THROWS_WITH_AS(detection({}, {1}), "there are no positives", snnl::Error);
    CHECK_THROWS_WITH_AS(detection({1}, {}), "there are no negatives", snnl::Error);
    CHECK_THROWS_AS(detection({1, std::nan("")}, {1}), snnl::Error);
  }

  TEST_CASE("risk and coverage") {
    const auto curve = snnl::metrics::risk_coverage({.9, .5, .9, .1}, {true, true, false, false});
    REQUIRE(curve.size() == 3);
    CHECK(curve[0].threshold == .9);
    CHECK(curve[0].coverage == .5);
    CHECK(curve[0].risk == .5);
    CHECK(curve[1].risk == doctest::Approx(1. / 3));
    CHECK(curve[2].coverage == 1);
    CHECK(curve[2].risk == .5);
    CHECK_THROWS_AS(snnl::metrics::risk_coverage({}, {}), snnl::Error);
    CHECK_THROWS_AS(snnl::metrics::risk_coverage({1}, {true, false}), snnl::Error);
  }
}
