// Sets of samples for which the answer is known without computing it.

#include <doctest/doctest.h>

#include <cmath>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

Json only_item(const std::string& name, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{analyze::cli_dump(name)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Json analysis = analyze::json_of(arguments);
  REQUIRE(analysis["items"].size() == 1);
  return analysis["items"][0];
}

const std::vector<std::vector<std::string>> ways = {
    {}, {"--precision", "float"}, {"--precision", "double"}, {"--temperature-curve", "4"}};

}  // namespace

TEST_SUITE("cli") {
  // All neighbours are of the class: no loss at any temperature, and none by chance.
  TEST_CASE("one class only") {
    for (const auto& way : ways) {
      const Json item = only_item("one_class", way);
      CHECK(item["entanglement"] == 0);
      CHECK(item["entanglement_stderr"] == 0);
      CHECK(item["chance"] == 0);
      CHECK(item["normalized"].is_null());
      CHECK(item["temperature_status"] == "upper_bound");
      CHECK(item["class_entanglement"] == Json::parse("[0.0]"));
      CHECK(item["class_similarity"][0][0].get<double>() == doctest::Approx(1).epsilon(1e-12));
    }
  }

  TEST_CASE("two samples") {
    for (const auto& way : ways) {
      const Json item = only_item("two_samples", way);
      CHECK(item["samples"] == 2);
      CHECK(item["scored"] == 2);
      CHECK(item["mean_distance"].get<double>() == doctest::Approx(25).epsilon(1e-12));  // 3^2 + 4^2
      CHECK(item["entanglement"] == 0);
      CHECK(item["normalized"].is_null());
      CHECK(item["effective_neighbors"].get<double>() == doctest::Approx(1).epsilon(1e-6));
    }
    const Json cosine = only_item("one_class", {"--distance", "cosine"});
    CHECK(cosine["entanglement"] == 0);
  }

  // 20 + 18 of two classes and two classes of one: 38 scored, chance is the mean of log((n - 1) / (n_class - 1)).
  TEST_CASE("classes of one are neighbours, but not scored") {
    for (const auto& way : ways) {
      const Json item = only_item("singletons", way);
      CHECK(item["samples"] == 40);
      CHECK(item["scored"] == 38);
      // Labels 0: rows 0, 2, ... without 22; labels 1: rows 1, 3, ... without 5.
      const double chance = std::log(39. / 18.);
      CHECK(item["chance"].get<double>() == doctest::Approx(chance).epsilon(1e-12));
      CHECK(item["class_entanglement"][0].is_number());
      CHECK(item["class_entanglement"][1].is_number());
      CHECK(item["class_entanglement"][2].is_null());
      CHECK(item["class_entanglement"][3].is_null());
      for (std::size_t a = 0; a < 4; ++a) CHECK(item["class_similarity"][a][0].get<double>() > 0);
      CHECK(item["class_similarity"][2][2] == 0);
    }
  }

  // Two clusters of width 1, 1000 apart: l -> 0 as T -> 0; the largest T with l within 1e-9 of 0 is reported.
  TEST_CASE("perfectly separated classes") {
    for (const auto& way : ways) {
      const Json item = only_item("separated", way);
      CHECK(item["temperature_status"] == "lower_bound");
      CHECK(item["entanglement"].get<double>() <= 1.001e-9);
      CHECK(item["temperature"].get<double>() > 0);
      CHECK(item["class_similarity"][0][1].get<double>() < 1e-8);
    }
    // Above T the loss exceeds 1e-9.
    const double temperature = only_item("separated")["temperature"];
    const Json above = only_item("separated", {"--temperature", std::to_string(1.1 * temperature)});
    CHECK(above["entanglement"].get<double>() > 1e-9);
    CHECK(above["entanglement"].get<double>() < 1e-6);
  }

  // Each sample lies on one of the other class, all else is equally far away: the loss falls as T grows, towards
  // chance, log(15 / 7) for 16 samples in two classes of 8.
  TEST_CASE("classes that repel themselves") {
    const Json item = only_item("repelled");
    CHECK(item["temperature_status"] == "upper_bound");
    CHECK(item["temperature"].get<double>() == doctest::Approx(1024 * item["mean_distance"].get<double>()));
    CHECK(item["chance"].get<double>() == doctest::Approx(std::log(15. / 7.)).epsilon(1e-12));
    CHECK(item["normalized"].get<double>() == doctest::Approx(1).epsilon(.01));
    // At a small temperature the normalised entanglement is far above 1.
    const Json small = only_item("repelled", {"--temperature", "100"});
    CHECK(small["normalized"].get<double>() > 10);
  }
}
