// Rules of the gate, as people write them.

#include "check/rules.hpp"

#include <doctest/doctest.h>

#include "snnl/error.hpp"
#include "support/scratch.hpp"

using snnl::check::Worse;

namespace {

std::string refused(const std::string& text) {
  try {
    snnl::check::parse_tolerance(text, "--tolerance");
  } catch (const snnl::Error& e) {
    return e.what();
  }
  return "";
}

std::string config_complaint(const Scratch& scratch, const std::string& text) {
  scratch.write("c.json", text);
  try {
    snnl::check::read_config(scratch.path("c.json"));
  } catch (const snnl::Error& e) {
    const std::string what = e.what();
    REQUIRE(what.rfind(scratch.path("c.json"), 0) == 0);
    return what.substr(scratch.path("c.json").size());
  }
  return "";
}

}  // namespace

TEST_SUITE("check") {
  TEST_CASE("tolerances: shares, amounts, layers with colons") {
    const auto share = snnl::check::parse_tolerance("entanglement:5%", "");
    CHECK(share.layers == "*");
    CHECK(share.metric == "entanglement");
    CHECK(share.relative);
    CHECK(share.value == doctest::Approx(0.05));
    const auto amount = snnl::check::parse_tolerance("conv*:temperature:2e-2", "");
    CHECK(amount.layers == "conv*");
    CHECK(amount.metric == "temperature");
    CHECK(!amount.relative);
    CHECK(amount.value == 0.02);
    CHECK(snnl::check::parse_tolerance("a:b:samples:0", "").layers == "a:b");
  }

  TEST_CASE("tolerances: what is refused") {
    CHECK(refused("5%") == "--tolerance: '5%' is not [LAYER_GLOB:]METRIC:VALUE, such as 'conv*:entanglement:5%'");
    CHECK(refused("entanglment:5%") ==
          "--tolerance: 'entanglment:5%' names the metric 'entanglment', which there is not; did you mean "
          "'entanglement'?");
    CHECK(refused("loss:5%").find("; there are samples, features, ") != std::string::npos);
    CHECK(refused(":entanglement:5%") == "--tolerance: ':entanglement:5%' has an empty layer; '*' is all of them");
    for (const char* value : {"", "%", "-1", "-1%", "nan", "inf", "0x10", "1e999", "5 %", "5%%", "five", "1,5"}) {
      CAPTURE(value);
      const std::string text = std::string("entanglement:") + value;
      CHECK(refused(text) ==
            "--tolerance: '" + text + "' has no value >= 0 after its last colon, such as '5%' or '0.02'");
    }
  }

  TEST_CASE("directions") {
    CHECK(snnl::check::parse_direction("entanglement:higher", "").worse == Worse::higher);
    CHECK(snnl::check::parse_direction("entanglement:lower", "").worse == Worse::lower);
    CHECK(snnl::check::parse_direction("entanglement:both", "").worse == Worse::both);
    CHECK_THROWS_WITH(
        snnl::check::parse_direction("entanglement:highr", "--direction"),
        "--direction: 'entanglement:highr' is not METRIC:lower, METRIC:higher or METRIC:both; did you mean "
        "'higher'?");
    CHECK_THROWS_WITH(snnl::check::parse_direction("higher", "--direction"),
                      "--direction: 'higher' is not METRIC:lower, METRIC:higher or METRIC:both");
    CHECK_THROWS_AS(snnl::check::parse_direction("a:entanglement:higher", ""), snnl::Error);
  }

  TEST_CASE("config: all it can hold, and what is wrong with it") {
    const Scratch scratch;
    scratch.write("c.json", R"({"schema": "snnl.check-config/1", "baseline": "base/run.json",
      "tolerance": ["entanglement:5%", "conv*:temperature:10%"], "direction": ["entanglement:higher"],
      "layers": ["conv*", "fc"], "epochs": "::5"})");
    const auto config = snnl::check::read_config(scratch.path("c.json"));
    CHECK(config.baselines == std::vector<std::string>{scratch.path("base/run.json")});
    REQUIRE(config.rules.tolerances.size() == 2);
    CHECK(config.rules.tolerances[1].layers == "conv*");
    REQUIRE(config.rules.directions.size() == 1);
    CHECK(config.rules.layers == std::vector<std::string>{"conv*", "fc"});
    CHECK(config.rules.epochs == "::5");

    CHECK(config_complaint(scratch, R"({"schema": "snnl.check-config/1"})") == "");
    CHECK(config_complaint(scratch, "[]") == ":/: is an array, expected an object");
    CHECK(config_complaint(scratch, "{}") == ":/: has no field 'schema'");
    CHECK(config_complaint(scratch, R"({"schema": "snnl.check-config/2"})").rfind(":/schema: is ", 0) == 0);
    const auto with = [](const std::string& field) { return R"({"schema": "snnl.check-config/1", )" + field + "}"; };
    CHECK(config_complaint(scratch, with(R"("tolerances": [])")) ==
          ":/: has a field 'tolerances', which means nothing here; did you mean 'tolerance'?");
    CHECK(config_complaint(scratch, with(R"("tolerance": "entanglement:5%")")) ==
          ":/tolerance: is text, expected an array");
    CHECK(config_complaint(scratch, with(R"("tolerance": ["entanglement"])")).rfind(":/tolerance/0: 'enta", 0) == 0);
    CHECK(config_complaint(scratch, with(R"("direction": [1])")) == ":/direction/0: is 1, expected text");
    CHECK(config_complaint(scratch, with(R"("baseline": "")")).rfind(":/baseline: is empty", 0) == 0);
  }
}
