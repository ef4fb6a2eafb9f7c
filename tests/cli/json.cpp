// The JSON output: its schema, what it says of the run, and the temperature curve.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "support/analyze.hpp"

using analyze::Json;

TEST_SUITE("cli") {
  TEST_CASE("the JSON says what it was made from and with which options") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const Json plain = analyze::json_of({file});
    CHECK(plain["schema"] == "snnl.analysis/1");
    CHECK(plain["inputs"] == Json::array({file}));
    CHECK(plain["options"] == Json::parse(R"({"temperature": "auto", "temperature_curve": 0, "distance": "sqeuclidean",
      "precision": "auto", "rows": null, "neighborhood": null, "seed": null, "nonfinite": "error", "pool": "none", "channels_last": false, "tokens": "all", "standardize": false, "whiten": "none", "bfloat16": false, "float16_bits": false, "ignore_label": [], "layout": null, "labels": null, "layers": [], "epochs": null})"));

    const Json chosen = analyze::json_of({file,
                                          "--temperature",
                                          "2.5",
                                          "--temperature-curve",
                                          "3",
                                          "--distance",
                                          "cosine",
                                          "--precision",
                                          "double",
                                          "--nonfinite",
                                          "drop",
                                          "--layout",
                                          "/epochs/{epoch}/{layer}",
                                          "--labels",
                                          "parity",
                                          "--layers",
                                          "fc*",
                                          "--layers",
                                          "logits",
                                          "--epochs",
                                          "0,4:",
                                          "--threads",
                                          "2"});
    CHECK(chosen["options"] == Json::parse(R"({"temperature": 2.5, "temperature_curve": 3, "distance": "cosine",
      "precision": "double", "rows": null, "neighborhood": null, "seed": null, "nonfinite": "drop", "pool": "none", "channels_last": false, "tokens": "all", "standardize": false, "whiten": "none", "bfloat16": false, "float16_bits": false, "ignore_label": [], "layout": "/epochs/{epoch}/{layer}", "labels": "parity",
      "layers": ["fc*", "logits"], "epochs": "0,4:"})"));
    CHECK(chosen["labels"]["path"] == "/label_sets/parity");
    for (const Json& item : chosen["items"]) CHECK(item["precision"] == "double");
  }

  TEST_CASE("the JSON is UTF-8, whatever the file holds") {
    const Json odd = analyze::json_of({analyze::cli_dump("odd_names")});
    CHECK(odd["labels"]["classes"][0]["name"] == "says \"miau\"");
    CHECK(odd["labels"]["classes"][2]["name"] == "Übel");
    CHECK(odd["items"][0]["layer"] == "block 1/conv,a");
    CHECK(odd["items"][1]["layer"] == "größe");
    // A byte of Latin-1 becomes U+FFFD.
    const Json latin = analyze::json_of({analyze::cli_dump("not_utf8")});
    CHECK(latin["labels"]["classes"][0]["name"] ==
          "\xEF\xBF\xBD"
          "bel");
  }

  TEST_CASE("--temperature-curve N gives the entanglement at N temperatures") {
    const std::string file = analyze::testdata("fashion_mnist_cnn.h5");
    for (const char* count : {"2", "5", "40"}) {
      CAPTURE(count);
      const Json analysis = analyze::json_of({file, "--layers", "fc1", "--temperature-curve", count});
      for (const Json& item : analysis["items"]) {
        const Json& curve = item["temperature_curve"];
        REQUIRE(curve["temperature"].size() == std::stoul(count));
        for (const Json& value : curve["entanglement"]) {
          CHECK(value.get<double>() >= item["entanglement"].get<double>() - 1e-6);
        }
        CHECK(curve["temperature"].front() < item["temperature"]);
        CHECK(curve["temperature"].back() > item["temperature"]);
      }
    }
    // A point of the curve is what --temperature gives there.
    const Json curve = analyze::json_of({file, "--layers", "fc1", "--epochs", "7", "--temperature-curve", "5"});
    const Json& points = curve["items"][0]["temperature_curve"];
    for (std::size_t k = 0; k < 5; ++k) {
      const Json fixed = analyze::json_of(
          {file, "--layers", "fc1", "--epochs", "7", "--temperature", points["temperature"][k].dump()});
      const double expected = fixed["items"][0]["entanglement"];
      CHECK(std::abs(points["entanglement"][k].get<double>() - expected) <= 1e-5 * std::max(1., expected));
    }
  }

  TEST_CASE("the schema accepts what is written and refuses what is not") {
    const Scratch scratch;
    REQUIRE(analyze::run({analyze::cli_dump("good_and_bad"), "-q", "--json", scratch.path("a.json")}).status == 1);
    REQUIRE(analyze::run({analyze::cli_dump("alone"), "-q", "--json", scratch.path("curve.json"), "--temperature", "3",
                          "--temperature-curve", "2"})
                .status == 0);
    CHECK(analyze::schema_complaint({scratch.path("a.json"), scratch.path("curve.json")}) == "");

    const Json whole = Json::parse(scratch.read("a.json")), with_curve = Json::parse(scratch.read("curve.json"));
    REQUIRE(whole["items"][0]["status"] == "ok");
    REQUIRE(whole["items"][1]["status"] == "error");
    using Change = std::function<void(Json&)>;
    std::vector<std::pair<std::string, Json>> mutants;
    const auto add = [&](const std::string& name, Json changed, const Change& change) {
      change(changed);
      mutants.emplace_back(name, std::move(changed));
    };
    const auto change_item = [&](const std::string& name, std::size_t item, const Change& change) {
      add(name, whole, [&](Json& j) { change(j["items"][item]); });
    };
    add("another schema", whole, [](Json& j) { j["schema"] = "snnl.analysis/2"; });
    add("no schema", whole, [](Json& j) { j.erase("schema"); });
    add("more at the top", whole, [](Json& j) { j["date"] = "today"; });
    add("more in generator", whole, [](Json& j) { j["generator"]["date"] = "today"; });
    add("more in labels", whole, [](Json& j) { j["labels"]["more"] = 1; });
    add("more in a class", whole, [](Json& j) { j["labels"]["classes"][0]["more"] = 1; });
    add("more in options", whole, [](Json& j) { j["options"]["threads"] = 2; });
    add("count as text", whole, [](Json& j) { j["labels"]["classes"][0]["count"] = "10"; });
    add("no items", whole, [](Json& j) { j["items"] = Json::array(); });
    add("temperature null", whole, [](Json& j) { j["options"]["temperature"] = nullptr; });
    add("temperature 0", with_curve, [](Json& j) { j["options"]["temperature"] = 0; });
    add("curve of 1", with_curve, [](Json& j) { j["options"]["temperature_curve"] = 1; });
    add("curve not asked for", with_curve, [](Json& j) { j["options"]["temperature_curve"] = 0; });
    add("curve missing", with_curve, [](Json& j) { j["items"][0]["temperature_curve"] = nullptr; });
    add("null in the curve", with_curve,
        [](Json& j) { j["items"][0]["temperature_curve"]["entanglement"][0] = nullptr; });
    add("more in the curve", with_curve, [](Json& j) { j["items"][0]["temperature_curve"]["more"] = 1; });
    add("converged at a fixed temperature", with_curve,
        [](Json& j) { j["items"][0]["temperature_status"] = "converged"; });
    change_item("fixed at no temperature", 0, [](Json& i) { i["temperature_status"] = "fixed"; });
    change_item("dropped without being asked to", 0, [](Json& i) { i["dropped"] = 3; });
    change_item("more in an item", 0, [](Json& i) { i["seconds"] = 1; });
    change_item("unknown status", 0, [](Json& i) { i["status"] = "good"; });
    change_item("message in a good item", 0, [](Json& i) { i["message"] = "hm"; });
    change_item("negative entanglement", 0, [](Json& i) { i["entanglement"] = -1; });
    change_item("similarity above 1", 0, [](Json& i) { i["class_similarity"][0][0] = 1.1; });
    change_item("null among similarities", 0, [](Json& i) { i["class_similarity"][0][0] = nullptr; });
    change_item("error without message", 1, [](Json& i) { i["message"] = nullptr; });
    change_item("error of two lines", 1, [](Json& i) { i["message"] = "a\nb"; });
    change_item("more in an item in error", 1, [](Json& i) { i["seconds"] = 1; });
    for (const auto& [field, value] : whole["items"][0].items()) {
      change_item(field + " of another kind", 0, [&, f = field](Json& i) { i[f] = Json::object(); });
      const bool is_new = field == "digest" || field == "checksum" || field == "ignored" || field == "dominance" ||
                          field == "changed_features";
      if (is_new || field.starts_with("sample_")) continue;  // older files have none
      change_item(field + " left out", 0, [&, f = field](Json& i) { i.erase(f); });
      change_item(field + " left out of an item in error", 1, [&, f = field](Json& i) { i.erase(f); });
      const bool may_be_null = field == "message" || field == "normalized" || field == "temperature_curve";
      if (!may_be_null) change_item(field + " null", 0, [&, f = field](Json& i) { i[f] = nullptr; });
      const bool in_both = field == "epoch" || field == "layer" || field == "status" || field == "message";
      if (!in_both) change_item(field + " in an item in error", 1, [&, f = field](Json& i) { i[f] = 3; });
    }
    CHECK(mutants.size() > 100);

    std::vector<std::string> files;
    for (const auto& [name, mutant] : mutants) {
      files.push_back(scratch.path(name + ".json"));
      scratch.write(name + ".json", mutant.dump());
    }
    for (const char* bad : {"NaN", "Infinity", "-Infinity"}) {
      std::string text = scratch.read("a.json");
      text.replace(text.find("\"mean_distance\": ") + 17, 1, bad);
      files.push_back(scratch.path(std::string(bad) + ".json"));
      scratch.write(std::string(bad) + ".json", text);
    }
    const std::string complaints = analyze::schema_complaint(files);
    for (const std::string& file : files) {
      CHECK_MESSAGE(complaints.find(file + ": ") != std::string::npos, "not refused: ", file);
    }
  }
}
