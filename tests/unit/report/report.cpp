// What the report makes of class similarities, held against small cases worked out by hand.

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "report/class_order.hpp"
#include "report/class_pairs.hpp"
#include "report/sample_notes.hpp"
#include "report/similarity_view.hpp"

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

snnl::AnalysedItem item(std::int64_t epoch, const std::string& layer, const xt::xtensor<double, 2>& similarity) {
  snnl::AnalysedItem out{epoch, layer, "", 0, snnl::Entanglement{}};
  out.result->class_similarity = similarity;
  return out;
}

}  // namespace

TEST_SUITE("report") {
  TEST_CASE("cluster_classes: neighbours on a line come out in its order, whatever they were shuffled by") {
    std::mt19937 random(3);
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{8}, std::size_t{40}}) {
      std::vector<double> place(n);
      std::iota(place.begin(), place.end(), 0.);
      std::shuffle(place.begin(), place.end(), random);
      auto s = xt::xtensor<double, 2>::from_shape({n, n});
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) s(a, b) = 1 / (1 + (place[a] - place[b]) * (place[a] - place[b]));
      }
      const auto order = snnl::report::cluster_classes(s);
      REQUIRE(order.size() == n);
      std::vector<std::size_t> sorted = order;
      std::sort(sorted.begin(), sorted.end());
      for (std::size_t k = 0; k < n; ++k) CHECK(sorted[k] == k);
      if (n > 8) continue;
      // Two ways round are as good.
      for (std::size_t k = 1; k < n; ++k) CHECK(std::abs(place[order[k]] - place[order[k - 1]]) <= 3);
    }
  }

  TEST_CASE("cluster_classes: two groups stay together; equal and missing similarities are no trouble") {
    const xt::xtensor<double, 2> groups{
        {9, 0, 5, 0, 4}, {0, 9, 0, 6, 0}, {5, 0, 9, 0, 7}, {0, 6, 0, 9, 0}, {4, 0, 7, 0, 9}};
    const auto order = snnl::report::cluster_classes(groups);
    const auto at = [&](std::size_t c) { return std::find(order.begin(), order.end(), c) - order.begin(); };
    CHECK(std::abs(at(1) - at(3)) == 1);
    CHECK(std::abs(at(2) - at(4)) == 1);
    CHECK(std::abs(at(0) - at(2)) <= 2);
    xt::xtensor<double, 2> equal = xt::xtensor<double, 2>::from_shape({6, 6});
    equal.fill(1);
    CHECK(snnl::report::cluster_classes(equal).size() == 6);
    equal.fill(none);
    CHECK(snnl::report::cluster_classes(equal).size() == 6);
  }

  TEST_CASE("class_pairs: the most and the least similar ones at the last epoch, each of one kind") {
    snnl::Analysis analysis;
    analysis.classes = {{"a", 2}, {"b", 2}, {"c", 2}};
    const xt::xtensor<double, 2> first{{.8, .1, .1}, {.3, .6, .1}, {0, .2, .8}};
    const xt::xtensor<double, 2> last{{.5, .4, .1}, {.2, .8, 0}, {.3, .1, .6}};
    analysis.items = {item(0, "fc", first), {1, "fc", "broken", 0, {}}, item(2, "fc", last)};
    const auto pairs = snnl::report::class_pairs(analysis, 2);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].epochs == std::vector<std::int64_t>{0, 2});
    REQUIRE(pairs[0].least_separated.size() == 2);
    REQUIRE(pairs[0].most_separated.size() == 1);
    const auto& nearest = pairs[0].least_separated[0];
    CHECK(nearest.a == 0);
    CHECK(nearest.b == 1);
    CHECK(nearest.similarity[0] == doctest::Approx(.2));
    CHECK(nearest.similarity[1] == doctest::Approx(.3));
    CHECK(pairs[0].least_separated[1].b == 2);
    CHECK(pairs[0].most_separated[0].a == 1);
    CHECK(pairs[0].most_separated[0].b == 2);
    CHECK(pairs[0].most_separated[0].similarity[1] == doctest::Approx(.05));
  }

  TEST_CASE("group_similarity: that of classes taken together") {
    const std::vector<snnl::ClassCount> classes{{"a", 1}, {"b", 3}, {"c", 2}, {"d", 5}};
    const xt::xtensor<double, 2> m{{.4, .3, .2, .1}, {.1, .5, .2, .2}, {none, none, none, none}, {0, 0, .25, .75}};
    const auto alone = snnl::report::group_similarity(item(0, "fc", m), classes, {{3}, {0}, {1}, {2}});
    CHECK(alone[0] == .75);
    CHECK(alone[1] == 0);
    CHECK(alone[1 * 4 + 2] == .3);
    CHECK(std::isnan(alone[3 * 4]));
    const auto two = snnl::report::group_similarity(item(0, "fc", m), classes, {{0, 1}, {2, 3}});
    CHECK(two[0] == doctest::Approx((.7 + 3 * .6) / 4));
    CHECK(two[1] == doctest::Approx((.3 + 3 * .4) / 4));
    CHECK(two[2] == doctest::Approx(0));
    CHECK(two[3] == doctest::Approx(1));
  }

  TEST_CASE("sample_notes: n, the classes and the neighbourhoods; one sentence where all runs have the same") {
    snnl::report::Run run{"run", "run.json", {}}, other{"o\tther", "other.json", {}};
    run.analysis.classes = {{"a", 5}};
    run.analysis.items = {item(0, "fc", {}), {0, "broken", "why", 0, {}}, item(1, "fc", {})};
    for (snnl::AnalysedItem& one : run.analysis.items) {
      if (one.result) one.result->samples = 5;
    }
    const std::string usual =
        "n = 5 samples of 1 class, and n is part of them: with more samples the entanglement is lower.";
    using Notes = std::vector<std::string>;
    CHECK(snnl::report::sample_notes({run}) == Notes{"Numbers are of " + usual});
    CHECK(snnl::report::sample_notes({run, run}) == Notes{"Numbers are of " + usual});
    other.analysis = run.analysis;
    other.analysis.classes.push_back({"b", 3});
    other.analysis.items[2].result->samples = 8;
    other.analysis.options.entanglement.neighborhood = 4;
    CHECK(
        snnl::report::sample_notes({run, other}) ==
        Notes{"Numbers of run are of " + usual,
              "Numbers of o?ther are of neighbourhoods of 4 samples (--neighborhood 4) out of n = 5 to 8 samples of 2 "
              "classes, and the size of the neighbourhoods is part of them."});
  }

  TEST_CASE("class_orders: as in the data, by name with numbers as numbers, by similarity; in blocks where too many") {
    snnl::report::Run run{"run", "run.json", {}};
    run.analysis.classes = {{"c10", 1}, {"c9", 1}, {"a", 1}};
    run.analysis.items = {item(0, "fc", xt::xtensor<double, 2>{{.5, 0, .5}, {.5, .5, 0}, {.9, 0, .1}})};
    const auto orders = snnl::report::class_orders({run}, 3);
    REQUIRE(orders.size() == 3);
    using Groups = std::vector<std::vector<std::size_t>>;
    CHECK(orders[0].groups == Groups{{0}, {1}, {2}});
    CHECK(orders[1].groups == Groups{{2}, {1}, {0}});
    CHECK(orders[2].groups.size() == 3);
    CHECK(snnl::report::class_orders({run}, 2)[1].groups == Groups{{2, 1}, {0}});
  }
}
