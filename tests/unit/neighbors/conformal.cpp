// Votes of neighbours, and what conformal prediction promises of them.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "snnl/error.hpp"
#include "snnl/outlier_scores.hpp"

using snnl::ConformalScores;
using snnl::Votes;

namespace {

/// Overlapping clusters on a line: labels drawn at random, values around them.
struct Draw {
  std::vector<float> x;
  std::vector<std::int32_t> y;
  snnl::MatrixView<const float> view() const { return {x.data(), y.size(), 2}; }
};

Draw draw(std::size_t n, std::mt19937& random) {
  Draw out;
  std::normal_distribution<float> normal;
  for (std::size_t i = 0; i < n; ++i) {
    const auto label = static_cast<std::int32_t>(random() % 3);
    out.y.push_back(label);
    out.x.push_back(static_cast<float>(label) + normal(random));
    out.x.push_back(normal(random));
  }
  return out;
}

}  // namespace

TEST_SUITE("neighbors") {
  TEST_CASE("votes: counts by class, over layers, and who wins a tie") {
    const snnl::Neighbors neighbors{2, 3, {0, 1, 2, 3, 4, 0}, {0, 1, 2, 0, 1, 2}};
    const std::vector<std::int32_t> labels{2, 0, 2, 1, 0};
    Votes votes = snnl::count_votes(neighbors, labels, 4);
    CHECK(votes.counts == std::vector<std::uint32_t>{1, 0, 2, 0, 1, 1, 1, 0});
    CHECK(snnl::most_voted(votes) == std::vector<std::int32_t>{2, 0});
    CHECK(snnl::nonconformity(votes, 3, {0, 3}) == std::vector<std::uint32_t>{2, 3});
    snnl::add_votes(votes, votes);
    CHECK(votes.counts == std::vector<std::uint32_t>{2, 0, 4, 0, 2, 2, 2, 0});
    CHECK_THROWS_AS(snnl::count_votes(neighbors, labels, 2), snnl::Error);
    CHECK_THROWS_AS(snnl::nonconformity(votes, 6, {0, 4}), snnl::Error);
    CHECK_THROWS_AS(snnl::nonconformity(votes, 6, {0}), snnl::Error);
    CHECK_THROWS_AS(snnl::add_votes(votes, Votes{1, 4, std::vector<std::uint32_t>(4)}), snnl::Error);
  }

  TEST_CASE("p-values: zeros are kept, and carry the one that is added") {
    const ConformalScores scores({0, 0, 3, 5});
    CHECK(scores.p_value(0) == 1);
    CHECK(scores.p_value(1) == 3. / 5);
    CHECK(scores.p_value(3) == 3. / 5);
    CHECK(scores.p_value(5) == 2. / 5);
    CHECK(scores.p_value(6) == 1. / 5);
    CHECK(ConformalScores({0, 0, 0}).p_value(0) == 1);
    CHECK(ConformalScores({0, 0, 0}).p_value(1) == 1. / 4);
    CHECK_THROWS_AS(ConformalScores({}), snnl::Error);
  }

  TEST_CASE("credibility and confidence of a prediction that is not the vote") {
    const Votes votes{2, 3, {5, 1, 0, 0, 6, 0}};
    const auto out = snnl::conformal_predictions(votes, 6, {1, 1}, ConformalScores({0, 1, 5}));
    CHECK(out[0].nonconformity == 5);
    CHECK(out[0].credibility == 2. / 4);
    CHECK(out[0].confidence == 1 - 3. / 4);  // class 0 has 5 of 6
    CHECK(out[1].credibility == 1);
    CHECK(out[1].confidence == 1 - 1. / 4);
  }

  TEST_CASE("p-values of the true class are uniform on exchangeable data") {
    constexpr unsigned seeds = 8;
    const std::vector<double> levels{.01, .05, .1, .2};
    std::vector<double> below(levels.size(), 0.);
    for (unsigned seed = 1; seed <= seeds; ++seed) {
      CAPTURE(seed);
      std::mt19937 random(seed);
      const Draw training = draw(2000, random), calibration = draw(1000, random), test = draw(1000, random);
      const std::size_t k = 200;
      const auto scores_of = [&](const Draw& some) {
        const auto found = snnl::nearest_neighbors(some.view(), training.view(), k);
        return snnl::nonconformity(snnl::count_votes(found, training.y, 3), k, some.y);
      };
      const ConformalScores scores(scores_of(calibration));
      std::vector<double> p;
      for (const std::uint32_t score : scores_of(test)) p.push_back(scores.p_value(score));
      std::sort(p.begin(), p.end());
      // Kolmogorov-Smirnov at the level of 1 %; calibration and test are both samples of 1000. Equal scores make steps.
      const double bound = 1.63 * std::sqrt(1. / 1000 + 1. / 1000);
      double largest = 0;
      for (std::size_t i = 0; i < p.size(); ++i) {
        if (i + 1 < p.size() && p[i + 1] == p[i]) continue;
        largest = std::max(largest, std::abs(static_cast<double>(i + 1) / 1000 - p[i]));
      }
      CHECK(largest < bound);
      for (std::size_t l = 0; l < levels.size(); ++l) {
        below[l] += static_cast<double>(std::upper_bound(p.begin(), p.end(), levels[l]) - p.begin()) / (1000 * seeds);
      }
    }
    // The promise is of the mean over calibration sets. Both samples of 1000 scatter it.
    for (std::size_t l = 0; l < levels.size(); ++l) {
      CAPTURE(levels[l]);
      CHECK(below[l] <= levels[l] + 3 * std::sqrt(2 * levels[l] * (1 - levels[l]) / (1000 * seeds)));
    }
  }
}
