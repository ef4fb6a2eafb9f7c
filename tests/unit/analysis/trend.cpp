#include "snnl/analysis/trend.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "snnl/analysis/sample_losses.hpp"

using snnl::analysis::Trend;

namespace {

constexpr float not_scored = std::numeric_limits<float>::quiet_NaN();

/// An item whose losses are `mean` plus what every sample has of its own, and a little of both.
snnl::AnalysedItem item(double mean, double noise, unsigned seed, std::size_t n = 200) {
  snnl::AnalysedItem out;
  snnl::Entanglement r;
  double sum = 0;
  unsigned state = seed * 2654435761U + 1;
  for (std::size_t i = 0; i < n; ++i) {
    state = state * 1664525U + 1013904223U;
    const double own = static_cast<double>(i % 20) / 10;  // 0 .. 1.9: hard samples stay hard
    const double here = noise * (static_cast<double>(state >> 8) / 16777216. - .5);
    out.sample_losses.push_back(static_cast<float>(mean + own - .95 + here));
    sum += static_cast<double>(out.sample_losses.back());
  }
  r.value = sum / static_cast<double>(n);
  r.standard_error = .6 / std::sqrt(static_cast<double>(n));  // that of an independent draw
  r.samples = r.scored = n;
  out.result = r;
  out.sample_digest = "same";
  return out;
}

Trend trend(const std::vector<snnl::AnalysedItem>& items) {
  std::vector<const snnl::AnalysedItem*> pointers;
  for (const snnl::AnalysedItem& one : items) pointers.push_back(&one);
  return snnl::analysis::trend_of(pointers);
}

/// Of epochs with these means.
std::vector<snnl::AnalysedItem> course(const std::vector<double>& means, double noise = .1) {
  std::vector<snnl::AnalysedItem> out;
  unsigned seed = 0;
  for (const double mean : means) out.push_back(item(mean, noise, ++seed));
  return out;
}

}  // namespace

TEST_SUITE("analysis") {
  TEST_CASE("trend: over all epochs, by the same samples") {
    CHECK(trend(course({1, 1, 1, 1})) == Trend::steady);
    CHECK(trend(course({1, 1, 1}, 0)) == Trend::steady);  // an input layer: the same to the last bit
    CHECK(trend(course({1, .97, .94, .9})) == Trend::falls);
    CHECK(trend(course({.9, .94, .97, 1})) == Trend::rises);
    // There and back: what first and last alone would call steady, or a rise.
    CHECK(trend(course({.592, .747, .649})) == Trend::varies);
    CHECK(trend(course({.6, .75, .9, .75, .6})) == Trend::varies);
    CHECK(trend(course({.6, .9, .3, .9, .61})) == Trend::varies);
    CHECK(trend(course({.95, 1})) == Trend::rises);
    CHECK(trend(course({1, .2, .2, .2, .2, .2, .2, .2})) == Trend::falls);  // at once
  }

  TEST_CASE("trend: a change that independent draws would hide is seen in pairs") {
    const std::vector<snnl::AnalysedItem> small = course({1, .98});
    CHECK(small[0].result->standard_error > .04);
    CHECK(trend(small) == Trend::falls);
    std::vector<snnl::AnalysedItem> unpaired = small;
    unpaired[1].sample_digest = "other";
    CHECK(trend(unpaired) == Trend::steady);
    unpaired[1].sample_losses.clear();
    CHECK(trend(unpaired) == Trend::steady);
  }

  TEST_CASE("trend: what is not scored does not count") {
    std::vector<snnl::AnalysedItem> items = course({1, .9, .8});
    items[1].sample_losses[3] = not_scored;
    CHECK(trend(items) == Trend::falls);
  }

  TEST_CASE("paired change: mean and standard error of the differences") {
    snnl::AnalysedItem a = item(1, 0, 1, 4), b = a;
    a.sample_losses = {1, 2, not_scored, 4};
    b.sample_losses = {2, 2, 5, 7};
    const auto found = snnl::analysis::paired_change(a, b);
    REQUIRE(found);
    CHECK(found->pairs == 3);
    CHECK(found->mean == doctest::Approx(4. / 3));
    CHECK(found->standard_error == doctest::Approx(std::sqrt((1. / 9 + 16. / 9 + 25. / 9) / 2 / 3)));
    std::string why;
    b.sample_digest = "another";
    CHECK(!snnl::analysis::paired_change(a, b, &why));
    CHECK(why == "the samples are others, or in another order");
    b.sample_losses.clear();
    CHECK(!snnl::analysis::paired_change(a, b, &why));
    CHECK(why == "losses of samples were not kept");
  }

  TEST_CASE("losses of samples: packed and back, to the last bit") {
    const std::vector<float> losses{0, 1.5F, -0.F, 1e-38F, 3e38F, not_scored};
    const std::string text = snnl::analysis::pack_losses(losses);
    CHECK(text == "AAAAAAAAwD8AAACA7uNsAOaxYX8AAMB/");
    const auto back = snnl::analysis::unpack_losses(text);
    REQUIRE(back);
    CHECK(snnl::analysis::pack_losses(*back) == text);
    CHECK(!snnl::analysis::unpack_losses("AAAA"));  // three bytes
    CHECK(!snnl::analysis::unpack_losses("AAAAA"));
  }
}
