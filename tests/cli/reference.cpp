// The numbers of the real program on real dumps against testdata/reference_values.json, which a NumPy float64 program
// computed from the definition (scripts/snnl_reference.py).

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

// What the project promises of the entanglement. The rest moves with the temperature, which is flat ground: it is
// held to what the search reaches there.
constexpr double loss_tolerance = 1e-5;
constexpr double temperature_tolerance = 1e-4;
constexpr double class_tolerance = 1e-5;
constexpr double scan_tolerance = 1e-6;

Json reference(const std::string& file) {
  const Json all = Json::parse(read_text(analyze::testdata("reference_values.json")));
  for (const Json& dump : all["dumps"]) {
    if (dump["file"] == file) return dump;
  }
  FAIL("no reference values of ", file);
  return {};
}

bool near(const Json& value, const Json& expected, double tolerance) {
  return std::abs(value.get<double>() - expected.get<double>()) <= tolerance;
}

bool near_relative(const Json& value, const Json& expected, double tolerance) {
  return near(value, expected, tolerance * std::abs(expected.get<double>()));
}

void check_optimum(const Json& item, const Json& expected) {
  const double loss = expected["entanglement"], chance = expected["chance"];
  const double tolerance = loss_tolerance * std::max(1., loss);
  CHECK(item["scored"] == expected["scored"]);
  CHECK(item["temperature_status"] == expected["temperature_status"]);
  CHECK(near(item["entanglement"], expected["entanglement"], tolerance));
  CHECK(near(item["normalized"], expected["normalized"], tolerance / chance));
  CHECK(near_relative(item["chance"], expected["chance"], 1e-12));
  CHECK(near_relative(item["mean_distance"], expected["mean_distance"], 1e-9));
  CHECK(near_relative(item["temperature"], expected["temperature"], temperature_tolerance));
  CHECK(near_relative(item["entanglement_stderr"], expected["entanglement_stderr"], temperature_tolerance));
  CHECK(near_relative(item["effective_neighbors"], expected["effective_neighbors"], temperature_tolerance));
  const std::size_t classes = expected["class_entanglement"].size();
  REQUIRE(item["class_entanglement"].size() == classes);
  bool right = true;
  for (std::size_t a = 0; a < classes; ++a) {
    right &= near(item["class_entanglement"][a], expected["class_entanglement"][a], class_tolerance);
    for (std::size_t b = 0; b < classes; ++b) {
      right &= near(item["class_similarity"][a][b], expected["class_similarity"][a][b], class_tolerance);
    }
  }
  CHECK_MESSAGE(right, "class entanglement or similarity");
}

template <class Expected>
void check_items(const Json& analysis, const Json& dump, const Expected& expected) {
  REQUIRE(analysis["items"].size() == dump["items"].size());
  for (std::size_t k = 0; k < dump["items"].size(); ++k) {
    const Json& item = analysis["items"][k];
    const Json& known = dump["items"][k];
    CAPTURE(item["epoch"]);
    CAPTURE(item["layer"]);
    REQUIRE(item["epoch"] == known["epoch"]);
    REQUIRE(item["layer"] == known["layer"]);
    CHECK(item["status"] == "ok");
    CHECK(item["samples"] == known["samples"]);
    CHECK(item["features"] == known["dimensions"]);
    check_optimum(item, expected(known));
  }
}

void check_dump(const std::string& file, const std::vector<std::string>& more) {
  const Json dump = reference(file);
  std::vector<std::string> arguments{analyze::testdata(file)};
  arguments.insert(arguments.end(), more.begin(), more.end());

  const Json analysis = analyze::json_of(arguments);
  CHECK(analysis["labels"] == dump["labels"]);
  check_items(analysis, dump, [](const Json& known) -> const Json& { return known["optimum"]; });
  for (std::size_t k = 0; k < dump["items"].size(); ++k) {
    CHECK(analysis["items"][k]["entanglement"].get<double>() <=
          dump["items"][k]["scan_minimum"]["entanglement"].get<double>() + scan_tolerance);
  }

  arguments.insert(arguments.end(), {"--distance", "cosine"});
  check_items(analyze::json_of(arguments), dump, [](const Json& known) -> const Json& { return known["cosine"]; });
}

void check_label_set(const std::string& file, const std::string& name) {
  const Json dump = reference(file);
  const std::string path = "/label_sets/" + name;
  for (const std::string& way : {name, path}) {
    const Json analysis = analyze::json_of({analyze::testdata(file), "--labels", way});
    CHECK(analysis["labels"] == dump["label_sets"][0]);
    check_items(analysis, dump, [&](const Json& known) -> const Json& { return known["label_sets"][path]; });
  }
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("digits dump: all numbers are those of the reference") { check_dump("digits_mlp.h5", {}); }

  TEST_CASE("Fashion-MNIST dump: all numbers are those of the reference") { check_dump("fashion_mnist_cnn.h5", {}); }

  TEST_CASE("both dumps in float and in double: all numbers are those of the reference") {
    for (const char* precision : {"float", "double"}) {
      CAPTURE(precision);
      check_dump("digits_mlp.h5", {"--precision", precision});
      check_dump("fashion_mnist_cnn.h5", {"--precision", precision});
    }
  }

  TEST_CASE("--labels: further label sets by name and by path") {
    check_label_set("digits_mlp.h5", "parity");
    check_label_set("fashion_mnist_cnn.h5", "kind");
  }
}
