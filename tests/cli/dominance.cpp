// Notes on features and samples that decide all distances.

#include <doctest/doctest.h>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

using analyze::Json;

namespace {

std::string dominated() { return analyze::cli_dump("dominated"); }

std::vector<std::size_t> indices(const Json& shares, const char* what) {
  std::vector<std::size_t> out;
  for (const Json& one : shares) out.push_back(one[what].get<std::size_t>());
  return out;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("dominance: in the JSON, rows being those of the file") {
    const Json analysis = analyze::json_of({dominated(), "--ignore-label", "-100"});
    const auto of = [&](const char* layer) { return analyze::item(analysis, 1, layer)["dominance"]; };
    CHECK(indices(of("one_unit")["features"], "feature") == std::vector<std::size_t>{13});
    CHECK(of("one_unit")["features"][0]["share"] > .99);
    CHECK(indices(of("two_units")["features"], "feature").size() == 2);
    CHECK(indices(of("one_sample")["samples"], "row") == std::vector<std::size_t>{17});
    CHECK(indices(of("three_samples")["samples"], "row") == std::vector<std::size_t>{90, 44, 17});
    CHECK(of("half_constant")["constant_features"] == 12);
    for (const char* layer : {"sound", "onehot", "softmax", "binary", "half_constant"}) {
      CAPTURE(layer);
      CHECK(of(layer)["features"].empty());
      CHECK(of(layer)["samples"].empty());
    }
  }

  TEST_CASE("dominance: in the table, once for a layer") {
    const run::Result result = analyze::run(
        {dominated(), "--ignore-label", "-100", "--layers", "one_unit,one_sample,half_constant,sound,onehot"});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    std::vector<std::string> notes;
    for (const std::string& line : lines_of(result.out)) {
      if (line.starts_with("  ! ")) notes.push_back(line);
    }
    REQUIRE(notes.size() == 3);
    CHECK(notes[0] ==
          "  ! half_constant, epoch 1: 12 of 24 features are constant; they are dead, or were never written; distances "
          "do "
          "not depend on them (2 epochs are so)");
    CHECK(notes[1].starts_with(
        "  ! one_sample, epoch 1: sample 17 carries 99.0 % of the squared distances to the mean; "));
    CHECK(notes[2].starts_with("  ! one_unit, epoch 1: feature 13 carries "));
    CHECK(notes[2].find(" % of the mean squared distance: the others hardly count; --standardize weighs them alike") != std::string::npos);
  }

  TEST_CASE("dominance: findings of snnl-inspect") {
    const Json found = inspect::json_of({dominated(), "--ignore-label", "-100"}, 0);
    CHECK(found["findings"].size() == 10);  // five layers, two epochs
    CHECK(inspect::has_finding(found, "warning", "/epochs/0000/one_unit", "feature 13 carries"));
    CHECK(inspect::has_finding(found, "warning", "/epochs/0001/one_unit", "--standardize weighs them alike"));
    CHECK(inspect::has_finding(found, "warning", "/epochs/0000/three_samples", "samples 90, 44 and 17 carry"));
    CHECK(inspect::has_finding(found, "warning", "/epochs/0000/half_constant", "12 of 24 features are constant"));
    CHECK(inspect::json_of({dominated(), "--ignore-label", "-100", "--no-data"}, 0)["findings"].empty());
  }

  TEST_CASE("dominance: is found in the distance that is asked for, and kept by --resume") {
    const Json cosine = analyze::json_of({dominated(), "--distance", "cosine", "--ignore-label", "-100"});
    CHECK(analyze::item(cosine, 0, "one_sample")["dominance"]["samples"].empty());
    CHECK(indices(analyze::item(cosine, 0, "one_unit")["dominance"]["features"], "feature") ==
          std::vector<std::size_t>{13});
    const Scratch scratch;
    const std::string json = scratch.path("a.json");
    CHECK(analyze::run({dominated(), "-q", "--json", json}).status == 0);
    const std::string now = read_text(json);
    // As a file of before is, without the notes: nothing is damaged, and they are found.
    Json before = Json::parse(now);
    for (Json& item : before["items"]) item.erase("dominance");
    scratch.write("a.json", before.dump());
    const run::Result kept = analyze::run({dominated(), "-q", "--json", json, "--resume"});
    CHECK(kept.err.find("damaged") == std::string::npos);
    CHECK(read_text(json) == now);
  }
}
