// Analyses read back from JSON: every byte, and every way in which a file can be wrong.

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "snnl/analysis.hpp"
#include "snnl/analysis/analyse_item.hpp"
#include "snnl/analysis/digest.hpp"
#include "snnl/analysis/item_stream.hpp"
#include "snnl/error.hpp"
#include "support/scratch.hpp"

namespace {

using Json = nlohmann::ordered_json;

snnl::Analysis analysis(const std::string& dump, std::size_t curve) {
  snnl::dump::Options input;
  input.nonfinite = snnl::dump::Nonfinite::drop;
  const snnl::dump::Reader reader({dump}, input);
  snnl::EntanglementOptions options;
  options.temperature_curve = curve;
  snnl::Analysis out = snnl::analysis::begin_analysis(reader);
  std::vector<std::size_t> all;
  for (const snnl::dump::Item& item : reader.items()) all.push_back(item.index);
  snnl::analysis::ItemStream stream(reader, all, options, 0);
  while (auto item = stream.next()) {
    const std::string digest = item->activations ? snnl::analysis::digest(*item->activations) : "";
    out.items.push_back(snnl::analysis::analyse_item(*item, digest, out.classes.size(), options, {}));
  }
  out.inputs = {dump};
  out.options.entanglement = options;
  out.options.nonfinite = snnl::dump::Nonfinite::drop;
  return out;
}

std::string testdata(const std::string& name) { return std::string(SNNL_SOURCE_DIR) + "/testdata/" + name; }

std::string complaint_about(const Scratch& scratch, const std::string& text) {
  scratch.write("a.json", text);
  try {
    snnl::read_analysis(scratch.path("a.json"));
  } catch (const snnl::Error& e) {
    const std::string what = e.what();
    REQUIRE(what.rfind(scratch.path("a.json"), 0) == 0);
    return what.substr(scratch.path("a.json").size());
  }
  return "";
}

}  // namespace

TEST_SUITE("analysis") {
  TEST_CASE("read analysis: the same bytes again") {
    const Scratch scratch;
    const std::string curves = snnl::to_json(analysis(testdata("digits_mlp.h5"), 5));
    scratch.write("a.json", curves);
    CHECK(snnl::to_json(snnl::read_analysis(scratch.path("a.json"))) == curves);
    snnl::Analysis fixed = analysis(testdata("digits_mlp.h5"), 0);
    fixed.options.entanglement.temperature = 0.1;
    fixed.options.entanglement.rows = 100;
    fixed.options.entanglement.seed = 18446744073709551615u;
    fixed.options.entanglement.precision = snnl::Precision::twice;
    fixed.options.layers = {"fc*"};
    fixed.items[0].result.reset();
    fixed.items[0].message = "is \"broken\"";
    fixed.items[1].result->class_entanglement[3] = std::numeric_limits<double>::quiet_NaN();
    fixed.items[1].result->normalized = std::numeric_limits<double>::quiet_NaN();
    const std::string text = snnl::to_json(fixed);
    scratch.write("a.json", text);
    CHECK(snnl::to_json(snnl::read_analysis(scratch.path("a.json"))) == text);
  }

  TEST_CASE("read analysis: what was edited by hand is told with its path") {
    const Scratch scratch;
    const std::string text = snnl::to_json(analysis(testdata("digits_mlp.h5"), 2));
    REQUIRE(complaint_about(scratch, text) == "");
    const Json whole = Json::parse(text);
    struct Case {
      std::function<void(Json&)> edit;
      std::string complaint;
    };
    const std::vector<Case> cases = {
        {[](Json& j) { j["schema"] = "snnl.analysis/2"; },
         ":/schema: is 'snnl.analysis/2', expected 'snnl.analysis/1'; it is of another version of snnl-analyze: "
         "analyse "
         "the dump again"},
        {[](Json& j) { j["schema"] = "snnl.check/1"; },
         ":/schema: is 'snnl.check/1', expected 'snnl.analysis/1'; write it with snnl-analyze --json"},
        {[](Json& j) { j.erase("schema"); }, ":/: has no field 'schema'"},
        {[](Json& j) { j = Json::array(); }, ":/: is an array, expected an object"},
        {[](Json& j) { j["items"] = Json::array(); }, ":/items: is empty"},
        {[](Json& j) { j["items"] = 3; }, ":/items: is 3, expected an array"},
        {[](Json& j) { j["items"][3] = nullptr; }, ":/items/3: is null, expected an object"},
        {[](Json& j) { j["items"][3]["entanglement"] = "0.5"; }, ":/items/3/entanglement: is text, expected a number"},
        {[](Json& j) { j["items"][3]["entanglement"] = nullptr; },
         ":/items/3/entanglement: is null, expected a number"},
        {[](Json& j) { j["items"][3]["entanglement"] = -0.5; }, ":/items/3/entanglement: is negative"},
        {[](Json& j) { j["items"][3].erase("entanglement"); }, ":/items/3: has no field 'entanglement'"},
        {[](Json& j) { j["items"][3]["epoch"] = 1.5; }, ":/items/3/epoch: is 1.5, expected a whole number"},
        {[](Json& j) { j["items"][3]["epoch"] = 18446744073709551615u; },
         ":/items/3/epoch: is 18446744073709551615, expected a whole number"},
        {[](Json& j) { j["items"][3]["samples"] = -1; }, ":/items/3/samples: is -1, expected a whole number >= 0"},
        {[](Json& j) { j["items"][3]["layer"] = ""; }, ":/items/3/layer: is empty"},
        {[](Json& j) { j["items"][3]["status"] = "OK"; },
         ":/items/3/status: is 'OK', expected one of ok, error; did you mean 'ok'?"},
        {[](Json& j) { j["items"][3]["status"] = "error"; }, ":/items/3/message: is null, expected text"},
        {[](Json& j) {
           j["items"][3]["status"] = "error";
           j["items"][3]["message"] = "x";
         },
         ":/items/3/samples: is not null, but the item is in error"},
        {[](Json& j) { j["items"][3]["message"] = "x"; },
         ":/items/3/message: is not null, but the item is not in error"},
        {[](Json& j) { j["items"][3]["temperature"] = 0; }, ":/items/3/temperature: is not greater than 0"},
        {[](Json& j) { j["items"][3]["class_entanglement"].erase(0); },
         ":/items/3/class_entanglement: holds 9 values, expected 10, one for each class"},
        {[](Json& j) { j["items"][3]["class_entanglement"][4] = true; },
         ":/items/3/class_entanglement/4: is true, expected a number"},
        {[](Json& j) { j["items"][3]["class_similarity"][4].erase(0); },
         ":/items/3/class_similarity/4: holds 9 values, expected 10, one for each class"},
        {[](Json& j) { j["items"][3]["class_similarity"][4][2] = "x"; },
         ":/items/3/class_similarity/4/2: is text, expected a number"},
        {[](Json& j) { j["items"][3]["temperature_curve"] = nullptr; },
         ":/items/3/temperature_curve: is null, expected an object"},
        {[](Json& j) { j["items"][3]["temperature_curve"]["temperature"].erase(0); },
         ":/items/3/temperature_curve/entanglement: holds 2 values, expected 1, one for each temperature"},
        {[](Json& j) { j["options"]["temperature_curve"] = 0; },
         ":/items/0/temperature_curve: is not null, but /options/temperature_curve is 0"},
        {[](Json& j) {
           j["items"][3]["epoch"] = j["items"][2]["epoch"], j["items"][3]["layer"] = j["items"][2]["layer"];
         },
         ":/items/3: is epoch 0 of layer 'fc2', which was there before"},
        {[](Json& j) { j["labels"]["classes"] = Json::array(); }, ":/labels/classes: is empty"},
        {[](Json& j) { j["labels"]["classes"][1] = "cat"; }, ":/labels/classes/1: is text, expected an object"},
        {[](Json& j) { j["options"]["distance"] = "euclidean"; },
         ":/options/distance: is 'euclidean', expected one of sqeuclidean, cosine; did you mean 'sqeuclidean'?"},
        {[](Json& j) { j["options"]["temperature"] = "best"; },
         ":/options/temperature: is 'best', expected one of auto"},
        {[](Json& j) { j["options"]["temperature"] = -1; }, ":/options/temperature: is not greater than 0"},
    };
    for (const Case& one : cases) {
      Json edited = whole;
      one.edit(edited);
      CHECK(complaint_about(scratch, edited.dump()) == one.complaint);
    }
    // A later version may add fields.
    Json later = whole;
    later["items"][0]["more"] = 1;
    CHECK(complaint_about(scratch, later.dump()) == "");
  }

  TEST_CASE("read analysis: what is no whole JSON") {
    const Scratch scratch;
    const std::string text = snnl::to_json(analysis(testdata("digits_mlp.h5"), 0));
    CHECK(complaint_about(scratch, "") == ": is empty");
    CHECK(complaint_about(scratch, "\x89HDF\r\n") == ": is an HDF5 file, expected JSON");
    const std::string cut = ": ends in the middle: it was cut off, or not written to its end";
    // Wherever it is cut; the last brace and line end are the last two bytes.
    for (std::size_t end = 1; end + 2 < text.size(); end += 97) {
      CAPTURE(end);
      CHECK(complaint_about(scratch, text.substr(0, end)) != "");
    }
    CHECK(complaint_about(scratch, text.substr(0, text.size() - 3)) == cut);
    CHECK(complaint_about(scratch, text.substr(0, 5)) == cut);
    CHECK(complaint_about(scratch, "{\n  \"schema\": x}").rfind(":2: is not JSON: ", 0) == 0);
    CHECK(complaint_about(scratch, "{} {}").rfind(":1: is not JSON: ", 0) == 0);
    CHECK(complaint_about(scratch, "{\"schema\": 1e999}").rfind(": is not JSON: number overflow", 0) == 0);
    // A text that is followed by padding, and by anything.
    CHECK(
        complaint_about(scratch, std::string("{}\n\0garbage", 11)).rfind(":2: is not JSON: it holds a zero byte", 0) ==
        0);
    CHECK(complaint_about(scratch, "\xFF\xFE").rfind(":1: is not JSON: ", 0) == 0);
    const auto told = [](const std::string& file, const std::string& what) {
      CHECK_THROWS_WITH_AS(snnl::read_analysis(file), (file + ": " + what).c_str(), snnl::Error);
    };
    told(scratch.path("gone.json"), "does not exist");
    told(scratch.folder().string(), "is a directory; name a file");
    told("/dev/zero", "is a device; name a file");
  }
}
