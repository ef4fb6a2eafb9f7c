// snnl-report: what it writes without a browser, and what it refuses. tests/report opens its pages.

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/analyze.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

/// Analyses of two dumps of the same classes, and of one of others.
struct Reports {
  Scratch scratch;
  std::string digits = scratch.path("digits.json"), fashion = scratch.path("fashion.json");

  Reports() {
    CHECK(
        analyze::run({analyze::testdata("digits_mlp.h5"), "-q", "--json", digits, "--temperature-curve", "5"}).status ==
        0);
    CHECK(analyze::run({analyze::testdata("fashion_mnist_cnn.h5"), "-q", "--json", fashion}).status == 0);
  }
  std::string path(const std::string& name) const { return scratch.path(name); }
  static run::Result report(const Arguments& arguments) { return run::program("snnl-report", arguments); }
  std::string refusal(const Arguments& arguments) const {
    const run::Result result = report(arguments);
    CHECK(result.out == "");
    return scratch.without_folder(refusal_line("snnl-report", result));
  }
  /// The analysis, changed.
  std::string edited(const std::string& name, const std::function<void(Json&)>& edit) const {
    Json json = Json::parse(scratch.read("digits.json"));
    edit(json);
    scratch.write(name, json.dump());
    return path(name);
  }
};

bool has_page() {
  return Reports::report({"nothing.json", "-o", "/dev/null"}).err.find("without its page") == std::string::npos;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("report: runs whose numbers do not compare are told, with the reason") {
    const Reports ground;
    const auto told = [&](const std::function<void(Json&)>& edit) {
      const std::string other = ground.edited("other.json", edit);
      const run::Result result = Reports::report({ground.digits, other, "--spec", ground.path("specs")});
      CHECK(result.status == 0);
      return result.err;
    };
    CHECK(told([](Json&) {}) == "");
    const std::string begin = "snnl-report: Numbers of other and digits do not compare: ";
    CHECK(told([](Json& json) { json["labels"]["classes"][2]["count"] = 200; }) ==
          begin + "samples of class '2': 200, 49 there.\n");
    CHECK(told([](Json& json) { json["options"]["distance"] = "cosine"; }) ==
          begin + "distance: cosine, sqeuclidean there.\n");
    CHECK(told([](Json& json) { json["options"]["neighborhood"] = 100, json["options"]["seed"] = 0; }) ==
          begin + "neighborhood: 100, all samples there.\n");
  }

  TEST_CASE("report: specifications hold the numbers of the analysis") {
    const Reports ground;
    const run::Result result = Reports::report({ground.digits, "--spec", ground.path("specs")});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    const Json analysis = Json::parse(ground.scratch.read("digits.json"));
    const auto values = [&](const std::string& name) {
      const Json spec = Json::parse(ground.scratch.read("specs/" + name + ".vl.json"));
      CHECK(spec["$schema"].get<std::string>().find("vega-lite") != std::string::npos);
      CHECK(spec["title"]["text"][0].get<std::string>().rfind("Numbers are of n = 500 samples of 10 classes, ", 0) ==
            0);
      return spec["data"]["values"];
    };
    const Json rows = values("entanglement");
    REQUIRE(rows.size() == analysis["items"].size());
    const std::size_t classes = analysis["labels"]["classes"].size();
    CHECK(values("class_entanglement").size() == rows.size() * classes);
    CHECK(values("temperature_curve").size() == rows.size() * 5);
    const Json similarity = values("class_similarity");
    REQUIRE(similarity.size() == rows.size() * classes * classes);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Json& item = analysis["items"][i];
      CHECK(rows[i]["layer"] == item["layer"]);
      CHECK(rows[i]["epoch"] == item["epoch"]);
      CHECK(rows[i]["entanglement"] == item["entanglement"]);
      CHECK(rows[i]["normalized"] == item["normalized"]);
      // The names of the digits are their places.
      const Json& cell = similarity[i * classes * classes + 17];
      const std::size_t a = std::stoul(cell["class_a"].get<std::string>()),
                        b = std::stoul(cell["class_b"].get<std::string>());
      CHECK(cell["similarity"] == item["class_similarity"][a][b]);
    }
    for (const Json& row : values("class_pairs")) CHECK(row["similarity"].is_number());
  }

  TEST_CASE("report: outliers beside an analysis") {
    const Reports ground;
    const std::string dump = analyze::testdata("fashion_mnist_cnn.h5"), file = ground.path("outliers.json");
    CHECK(run::program("snnl-outliers", {"--train", dump + "@0:300", "--calibration", dump + "@300:450", "--test",
                                         dump + "@450:", "--ood", "again=" + dump + "@500:560", "--layers", "fc1", "-k",
                                         "20", "-q", "--json", file})
              .status == 0);
    CHECK(Reports::report({ground.fashion, "--outliers", file, "--spec", ground.path("specs")}).status == 0);
    const Json outliers = Json::parse(ground.scratch.read("outliers.json"));
    const Json rows = Json::parse(ground.scratch.read("specs/outlier_scores.vl.json"))["data"]["values"];
    double test = 0, again = 0;
    for (const Json& row : rows) {
      if (row["score"] != "support in fc1" || row["from"] != 0.25) continue;
      (row["set"] == "test" ? test : again) = row["share"];
    }
    CHECK(test == outliers["test"]["histograms"]["support"]["fc1"][5].get<double>() / 150);
    CHECK(again == outliers["outliers"][0]["histograms"]["support"]["fc1"][5].get<double>() / 60);
    const auto refused = [&](const std::string& other) {
      return ground.refusal({ground.fashion, "--outliers", other, "--spec", ground.path("specs")});
    };
    CHECK(refused(ground.digits) ==
          "digits.json:/schema: is 'snnl.analysis/1', expected 'snnl.outliers/1'; write it with "
          "snnl-outliers --json");
    Json damaged = outliers;
    damaged["test"]["histograms"]["credibility"][0] = 1000;
    ground.scratch.write("damaged.json", damaged.dump());
    CHECK(refused(ground.path("damaged.json")).rfind("damaged.json:/test/histograms/credibility: counts ", 0) == 0);
  }

  TEST_CASE("report: a page is one file, and holds its data as text") {
    if (!has_page()) {
      MESSAGE("built without the page");
      return;
    }
    const Reports ground;
    CHECK(Reports::report({ground.digits, "-o", ground.path("page.html"), "--title", "a <b> & c"}).status == 0);
    const std::string page = ground.scratch.read("page.html");
    CHECK(page.find("<title>a &lt;b> &amp; c</title>") != std::string::npos);
    const std::string mark = R"(<script type="application/json" id="data">)";
    const std::size_t begin = page.find(mark) + mark.size(), end = page.find("</script>", begin);
    const Json data = Json::parse(page.substr(begin, end - begin));
    CHECK(data["title"] == "a <b> & c");
    CHECK(data["runs"].size() == 1);
    CHECK(data["sample_notes"] ==
          Json({"Numbers are of n = 500 samples of 10 classes, and n is part of them: with more "
                "samples the entanglement is lower."}));
    // The same bytes again, and on stdout.
    CHECK(Reports::report({ground.digits, "-o", "-", "--title", "a <b> & c"}).out == page);
    CHECK(page.find("@SNNL_") == std::string::npos);
    CHECK(ground.scratch.names() == "digits.json fashion.json page.html");
  }

  TEST_CASE("report: what is refused") {
    const Reports ground;
    const std::string out = ground.path("out.html");
    CHECK(ground.refusal({ground.digits}) == "--out: is missing; name the page to write, or a folder for --spec");
    const auto refused = [&](const Arguments& analyses) {
      Arguments all = analyses;
      all.insert(all.end(), {"--spec", ground.path("specs")});
      const std::string said = ground.refusal(all);
      CHECK(!ground.scratch.has("specs"));
      return said;
    };
    CHECK(refused({ground.digits, ground.fashion}) ==
          "fashion.json: has class 'T-shirt/top' where digits.json has '0'; make a report of each");
    CHECK(refused({ground.digits, ground.edited("fewer.json", [](Json& json) {
                     json["labels"]["classes"].erase(9);
                     for (Json& item : json["items"]) {
                       item["class_entanglement"].erase(9);
                       item["class_similarity"].erase(9);
                       for (Json& row : item["class_similarity"]) row.erase(9);
                     }
                   })}) == "fewer.json: has 9 classes, but digits.json has 10; make a report of each");
    CHECK(refused({ground.digits, ground.digits}) == "digits.json: 'digits.json' is given twice");
    CHECK(refused({ground.digits, ground.digits, "--label", "a", "--label", "a"}) == "--label: 'a' is given twice");
    CHECK(refused({ground.digits, "--label", "a", "--label", "b"}) == "--label: 2 are given for 1 analysis");
    CHECK(refused({ground.edited("none.json", [](Json& json) {
            for (Json& item : json["items"]) {
              for (auto& [key, value] : item.items()) {
                if (key != "epoch" && key != "layer") value = nullptr;
              }
              item["status"] = "error";
              item["message"] = "it broke";
            }
          })}) == "none.json: holds no item that could be analysed; the first says: it broke");
    CHECK(refused({ground.edited("unlike.json", [](Json& json) { json["items"][3].erase("class_similarity"); })}) ==
          "unlike.json:/items/3: has no field 'class_similarity'");
    CHECK(refused({ground.edited("empty.json", [](Json& json) { json["items"] = Json::array(); })}) ==
          "empty.json:/items: is empty");
    CHECK(refused({ground.path("gone.json")}) == "gone.json: does not exist");
    CHECK(refused({analyze::testdata("digits_mlp.h5")}).find("is an HDF5 file, expected JSON") != std::string::npos);
    if (!has_page()) return;
    CHECK(ground.refusal({ground.digits, "-o", ground.digits}).find("--out") != std::string::npos);
    CHECK(ground.refusal({ground.digits, "-o", ground.path("no/page.html")}).find("does not exist") !=
          std::string::npos);
  }
}
