// The verdicts of the gate, on analyses made by hand.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "check/wording.hpp"
#include "check/writers.hpp"
#include "snnl/error.hpp"

using snnl::Analysis;
using snnl::check::CheckResult;
using snnl::check::Comparison;
using snnl::check::Rules;
using snnl::check::Verdict;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

snnl::AnalysedItem item(std::int64_t epoch, const std::string& layer, double value, double standard_error = 0) {
  snnl::AnalysedItem out;
  out.epoch = epoch;
  out.layer = layer;
  snnl::Entanglement r;
  r.samples = r.scored = r.queries = 10;
  r.features = 3;
  r.temperature = 2;
  r.mean_distance = 4;
  r.value = value;
  r.standard_error = standard_error;
  r.chance = 1;
  r.normalized = value;
  r.effective_neighbors = 5;
  r.class_entanglement = {value, nan};
  r.class_similarity = {{0.75, 0.25}, {0.5, 0.5}};
  out.result = r;
  return out;
}

Analysis analysis(double value, double standard_error = 0) {
  Analysis out;
  out.label_path = "/labels";
  out.classes = {{"cat", 9}, {"dog", 1}};
  out.items = {item(0, "a", value, standard_error), item(0, "b", 1), item(3, "a", 1)};
  return out;
}

CheckResult compare(const Analysis& current, const Analysis& baseline, const Rules& rules = {}) {
  return snnl::check::compare(current, "new.json", snnl::check::baseline_of(baseline, "old.json"), rules);
}

Rules rules(const std::vector<std::string>& tolerances, const std::vector<std::string>& directions = {}) {
  Rules out;
  for (const auto& text : tolerances) out.tolerances.push_back(snnl::check::parse_tolerance(text, ""));
  for (const auto& text : directions) out.directions.push_back(snnl::check::parse_direction(text, ""));
  return out;
}

const Comparison& find(const CheckResult& result, std::int64_t epoch, const std::string& layer,
                       const std::string& metric) {
  for (const Comparison& c : result.comparisons) {
    if (c.epoch == epoch && c.layer == layer && c.metric == metric) return c;
  }
  FAIL("no such comparison");
  return result.comparisons[0];
}

Verdict verdict(double now, double then, const Rules& rules = {}, double standard_error = 0) {
  return find(compare(analysis(now, standard_error), analysis(then, standard_error), rules), 0, "a", "entanglement")
      .verdict;
}

/// The same with losses of the samples.
Analysis with_losses(double value, const std::vector<float>& losses) {
  Analysis out = analysis(value, .5);
  for (snnl::AnalysedItem& one : out.items) {
    one.sample_losses = losses;
    one.sample_digest = "of these";
  }
  return out;
}

std::string impossible(const std::function<void(Analysis&)>& edit) {
  Analysis current = analysis(1);
  edit(current);
  const CheckResult result = compare(current, analysis(1));
  CHECK(!result.passed());
  CHECK(result.count(Verdict::fail) == 0);
  // Whatever the writers make of it, it must not look like a pass.
  CHECK(snnl::check::to_table(result).find("passed") == std::string::npos);
  CHECK(snnl::check::to_json(result).find("\"verdict\": \"pass\",\n  \"counts\"") == std::string::npos);
  CHECK(snnl::check::to_junit(result).find(" errors=\"0\"") == std::string::npos);
  if (!result.differences.empty()) {
    CHECK(!result.comparable());
    return result.differences[0];
  }
  REQUIRE(result.comparisons[0].verdict == Verdict::error);
  return result.comparisons[0].layer + " " + std::to_string(result.comparisons[0].epoch) + " " +
         result.comparisons[0].message;
}

}  // namespace

TEST_SUITE("check") {
  TEST_CASE("compare: the default is one percent, three combined standard errors, or rounding") {
    CHECK(verdict(1, 1) == Verdict::pass);
    CHECK(verdict(1.0099, 1) == Verdict::pass);
    CHECK(verdict(1.01, 1) == Verdict::pass);
    CHECK(verdict(1.0101, 1) == Verdict::fail);
    CHECK(verdict(0.9899, 1) == Verdict::fail);
    // sqrt(0.03^2 + 0.03^2) * 3 = 0.1273
    CHECK(verdict(1.1272, 1, {}, 0.03) == Verdict::pass);
    CHECK(verdict(1.1274, 1, {}, 0.03) == Verdict::fail);
    CHECK(verdict(0.8726, 1, {}, 0.03) == Verdict::fail);
    // Perfectly separated classes: what arithmetic leaves is no change.
    CHECK(verdict(9e-7, 0) == Verdict::pass);
    CHECK(verdict(2e-6, 0) == Verdict::fail);
  }

  TEST_CASE("compare: shares and amounts, both ways or one") {
    CHECK(verdict(1.05, 1, rules({"entanglement:5%"})) == Verdict::pass);
    CHECK(verdict(1.0501, 1, rules({"entanglement:5%"})) == Verdict::fail);
    CHECK(verdict(2.1, 2, rules({"entanglement:0.1"})) == Verdict::pass);
    CHECK(verdict(2.11, 2, rules({"entanglement:0.1"})) == Verdict::fail);
    CHECK(verdict(1, 1, rules({"entanglement:0"})) == Verdict::pass);
    CHECK(verdict(std::nextafter(1, 2), 1, rules({"entanglement:0"})) == Verdict::fail);
    CHECK(verdict(1e-9, 0, rules({"entanglement:50%"})) == Verdict::fail);
    CHECK(verdict(2, 1, {}, 0.03) == Verdict::fail);
    CHECK(verdict(2, 1, rules({}, {"entanglement:lower"})) == Verdict::better);
    CHECK(verdict(0.5, 1, rules({}, {"entanglement:lower"})) == Verdict::fail);
    CHECK(verdict(0.5, 1, rules({}, {"entanglement:higher"})) == Verdict::better);
    CHECK(verdict(2, 1, rules({}, {"entanglement:higher"})) == Verdict::fail);
    CHECK(verdict(2, 1, rules({}, {"entanglement:lower", "entanglement:both"})) == Verdict::fail);
    CHECK(compare(analysis(0.5), analysis(1), rules({}, {"entanglement:higher"})).passed());
  }

  TEST_CASE("compare: the last tolerance that matches holds") {
    CHECK(verdict(1.2, 1, rules({"entanglement:5%", "a:entanglement:30%"})) == Verdict::pass);
    CHECK(verdict(1.2, 1, rules({"a:entanglement:30%", "entanglement:5%"})) == Verdict::fail);
    CHECK(verdict(1.2, 1, rules({"entanglement:30%", "b:entanglement:5%"})) == Verdict::pass);
    CHECK(find(compare(analysis(1), analysis(1), rules({"[ab]:entanglement:3%"})), 0, "a", "entanglement").rule ==
          "[ab]:entanglement:3%");
  }

  TEST_CASE("compare: every metric there is can fail") {
    for (const std::string metric : {"features", "temperature", "mean_distance", "entanglement", "entanglement_stderr",
                                     "chance", "normalized", "effective_neighbors", "queries"}) {
      CAPTURE(metric);
      Analysis current = analysis(1);
      snnl::Entanglement& r = *current.items[0].result;
      r.features = r.queries = 1000;
      r.temperature = r.mean_distance = r.value = r.standard_error = r.chance = r.normalized = r.effective_neighbors =
          1000;
      const CheckResult result = compare(current, analysis(1), rules({metric + ":5%"}));
      CHECK(find(result, 0, "a", metric).verdict == Verdict::fail);
      CHECK(find(result, 0, "b", metric).verdict == Verdict::pass);
    }
  }

  TEST_CASE("compare: of class values the worst one, and how many") {
    Analysis current = analysis(1);
    current.items[0].result->class_similarity = {{0.5, 0.5}, {0.5, 0.5}};
    current.items[0].result->class_similarity(1, 0) = 0.9;
    const CheckResult result = compare(current, analysis(1), rules({"class_similarity:0.1", "class_entanglement:1%"}));
    const Comparison& c = find(result, 0, "a", "class_similarity");
    CHECK(c.verdict == Verdict::fail);
    CHECK(c.classes == std::vector<std::string>{"dog", "cat"});
    CHECK(c.change() == doctest::Approx(0.4));
    CHECK(c.beyond == 3);
    CHECK(c.values == 4);
    // No number on either side is no difference; on one side it cannot be compared.
    CHECK(find(result, 0, "a", "class_entanglement").verdict == Verdict::pass);
    CHECK(find(result, 0, "a", "class_entanglement").classes == std::vector<std::string>{"cat"});
    current.items[0].result->class_entanglement[1] = 1;
    const CheckResult half = compare(current, analysis(1), rules({"class_entanglement:1%"}));
    CHECK(find(half, 0, "a", "class_entanglement").verdict == Verdict::error);
    CHECK(find(half, 0, "a", "class_entanglement").classes == std::vector<std::string>{"dog"});
    CHECK(!half.passed());
  }

  TEST_CASE("compare: what cannot be compared never passes") {
    CHECK(impossible([](Analysis& a) { a.label_path = "/other"; }) == "label set: /other, /labels in the baseline");
    CHECK(impossible([](Analysis& a) { a.classes[1].name = "owl"; }) == "class 1: 'owl', 'dog' in the baseline");
    CHECK(impossible([](Analysis& a) { a.classes.pop_back(); }) == "number of classes: 1, 2 in the baseline");
    CHECK(impossible([](Analysis& a) { a.classes[0].count = 8; }) == "samples of class 'cat': 8, 9 in the baseline");
    CHECK(impossible([](Analysis& a) { a.options.entanglement.distance = snnl::Distance::cosine; }) ==
          "distance: cosine, sqeuclidean in the baseline");
    CHECK(impossible([](Analysis& a) { a.options.entanglement.temperature = 0.5; }) ==
          "temperature: 0.5, auto in the baseline");
    CHECK(impossible([](Analysis& a) { a.options.entanglement.rows = 5; }) == "rows: 5, all in the baseline");
    CHECK(impossible([](Analysis& a) { a.items.pop_back(); }) == "a 3 is missing, but in the baseline");
    CHECK(impossible([](Analysis& a) { a.items.push_back(item(3, "c", 1)); }) == "c 3 is not in the baseline");
    CHECK(impossible([](Analysis& a) { a.items[1].result.reset(), a.items[1].message = "NaN"; }) ==
          "b 0 is in error: NaN");
    CHECK(impossible([](Analysis& a) { a.items[1].result->samples = 9; }) ==
          "b 0 9 samples analysed, 10 in the baseline");
    CHECK(impossible([](Analysis& a) { a.items[1].dropped = 1; }) == "b 0 1 samples dropped, 0 in the baseline");
    CHECK(impossible([](Analysis& a) { a.items[1].result->scored = 9; }) == "b 0 9 samples scored, 10 in the baseline");
    // An item in error on both sides is no agreement.
    Analysis broken = analysis(1);
    broken.items[0].result.reset();
    broken.items[0].message = "NaN";
    CHECK(!compare(broken, broken).passed());
    // Options that do not change the meaning do not matter.
    Analysis other = analysis(1);
    other.options.entanglement.precision = snnl::Precision::twice;
    other.options.entanglement.temperature_curve = 5;
    other.options.entanglement.seed = 5;
    other.options.epochs = "0:9";
    other.inputs = {"elsewhere.h5"};
    CHECK(compare(other, analysis(1)).passed());
  }

  TEST_CASE("compare: nothing in common is not comparable") {
    Analysis current = analysis(1);
    for (auto& one : current.items) one.layer += "x";
    const CheckResult result = compare(current, analysis(1));
    CHECK(result.count(Verdict::error) == 6);
    CHECK(!result.comparable());
    CHECK(!result.passed());
  }

  TEST_CASE("compare: rules that match nothing are errors") {
    const auto refused = [](const Rules& rules) {
      try {
        compare(analysis(1), analysis(1), rules);
      } catch (const snnl::Error& e) {
        return std::string(e.what());
      }
      return std::string();
    };
    CHECK(refused(rules({"c:entanglement:5%"})) ==
          "tolerance 'c:entanglement:5%': no layer of new.json or old.json matches 'c'");
    CHECK(refused(rules({"conv1:entanglement:5%"})).find("no layer") != std::string::npos);
    CHECK(refused(rules({}, {"temperature:lower"})) ==
          "direction 'temperature:lower': temperature is not compared; give it a tolerance, such as 'temperature:5%'");
    CHECK(refused(rules({"temperature:5%"}, {"temperature:lower"})) == "");
    Rules selection;
    selection.layers = {"z*"};
    CHECK(refused(selection) == "layers 'z*': no layer of new.json or old.json matches 'z*'");
    selection.layers = {"a"};
    selection.tolerances = {snnl::check::parse_tolerance("b:entanglement:5%", "")};
    CHECK(refused(selection) == "");  // it matches a layer, though one that is left out
    selection = {};
    selection.epochs = "7";
    CHECK(refused(selection).find("7") != std::string::npos);
  }

  TEST_CASE("compare: layers and epochs leave items out, which is said") {
    Analysis current = analysis(1);
    current.items[1].result->value = 5;
    current.items.pop_back();
    Rules selection;
    selection.layers = {"a"};
    selection.epochs = std::string("0");
    const CheckResult result = compare(current, analysis(1), selection);
    CHECK(result.passed());
    CHECK(result.count(Verdict::skipped) == 2);
    CHECK(result.comparisons.back().message == "left out by layers or epochs");
  }

  TEST_CASE("compare: worst first, whatever the order of the files") {
    Analysis current = analysis(1.5);
    current.items[1].result->value = 3;
    current.items[2].result->value = 1.005;
    current.items.push_back(item(9, "a", 1));
    const CheckResult result = compare(current, analysis(1));
    std::string order;
    for (const Comparison& c : result.comparisons) order += c.layer + std::to_string(c.epoch) + " ";
    CHECK(order == "a9 b0 a0 a3 ");
  }

  TEST_CASE("writers: names that would break a table, a comment or XML") {
    Analysis current = analysis(2), baseline = analysis(1);
    const std::string name = "</testcase>|`@me` \"<img>&\n\x1b[1m\xEF\xBF\xBF";
    for (Analysis* a : {&current, &baseline}) a->items[0].layer = name;
    const CheckResult result = compare(current, baseline);
    const std::string table = snnl::check::to_table(result);
    CHECK(table.find('\x1b') == std::string::npos);
    const std::string xml = snnl::check::to_junit(result);
    CHECK(xml.find("classname=\"&lt;/testcase&gt;|`@me` &quot;&lt;img&gt;&amp;??[1m?\"") != std::string::npos);
    const std::string markdown = snnl::check::to_markdown(result);
    CHECK(markdown.find("| ``</testcase>\\|`@me` \"<img>&??[1m?`` |") != std::string::npos);
  }

  TEST_CASE("writers: many rows are cut, and that is told") {
    Analysis current, baseline;
    current.label_path = baseline.label_path = "/labels";
    current.classes = baseline.classes = {{"cat", 9}, {"dog", 1}};
    for (int k = 0; k < 500; ++k) {
      current.items.push_back(item(k, "a", k % 2 ? 1 : 2));
      baseline.items.push_back(item(k, "a", 1));
    }
    const CheckResult result = compare(current, baseline);
    const std::string table = snnl::check::to_table(result);
    CHECK(table.find("  ... and 460 more; --all prints them\n") != std::string::npos);
    CHECK(std::count(table.begin(), table.end(), '\n') == 44);  // with what is unpaired
    const std::string markdown = snnl::check::to_markdown(result);
    CHECK(markdown.size() < 65536);  // a comment of GitHub's
    CHECK(markdown.find("... and 150 more.") != std::string::npos);
    CHECK(snnl::check::to_table(result, snnl::check::all_rows).find("more;") == std::string::npos);
  }

  TEST_CASE("check: the same samples are compared by pairs") {
    // Hard samples stay hard: by independent draws nothing could be told.
    const std::vector<float> then{0, 2, 4, 6, 8, 10, 12, 14, 16, 18};
    std::vector<float> now = then;
    for (std::size_t i = 0; i < now.size(); ++i) now[i] += i % 2 == 0 ? .1F : .2F;
    const CheckResult result = compare(with_losses(9.15, now), with_losses(9, then));
    const Comparison& c = find(result, 0, "a", "entanglement");
    CHECK(c.paired);
    CHECK(c.standard_error == doctest::Approx(.05 / 3).epsilon(1e-4));
    CHECK(c.z() == doctest::Approx(9).epsilon(1e-3));
    CHECK(!c.within_noise());
    CHECK(c.limit == doctest::Approx(.09));  // 1 % of 9
    CHECK(c.verdict == Verdict::fail);
    CHECK(snnl::check::remarks(result).empty());

    // Without pairs it passes, and says so.
    Analysis other = with_losses(9, then);
    for (snnl::AnalysedItem& one : other.items) one.sample_digest = "of others";
    const CheckResult unpaired = compare(with_losses(9.15, now), other);
    CHECK(!find(unpaired, 0, "a", "entanglement").paired);
    CHECK(find(unpaired, 0, "a", "entanglement").verdict == Verdict::pass);
    REQUIRE(snnl::check::remarks(unpaired).size() == 1);
    CHECK(snnl::check::remarks(unpaired)[0] ==
          "unpaired in 3 comparisons: the samples are others, or in another order; standard errors are those of two "
          "independent draws");
  }

  TEST_CASE("check: a tolerance that nothing can exceed is an error") {
    const Analysis a = analysis(.5);  // chance is 1
    for (const char* text : {"entanglement:1", "entanglement:5", "a:entanglement:2", "normalized:1",
                             "class_similarity:5", "class_entanglement:30"}) {
      CHECK_THROWS_WITH_AS(compare(a, a, rules({text})), doctest::Contains("allows more than any change"), snnl::Error);
    }
    for (const char* text :
         {"entanglement:0.9", "entanglement:500%", "temperature:5", "class_similarity:0.5", "features:3"}) {
      CHECK_NOTHROW(compare(a, a, rules({text})));
    }
    CHECK_THROWS_WITH(
        compare(a, a, rules({"entanglement:5"})),
        "tolerance 'entanglement:5': allows more than any change from perfectly separated classes to chance, "
        "1.000; a share of the baseline is 'entanglement:5%'");
  }
}
