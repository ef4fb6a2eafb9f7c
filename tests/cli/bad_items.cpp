// Items that cannot be analysed: reported with status `error`, the others intact, exit status 1.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

/// Checks that the item is in error, that its message names file and dataset and says `what`, and that stderr has it.
void check_error(const Json& analysis, const std::string& file, int epoch, const std::string& layer,
                 const std::string& what, const std::string& errors) {
  CAPTURE(layer);
  const Json& item = analyze::item(analysis, epoch, layer);
  REQUIRE(item["status"] == "error");
  const std::string message = item["message"];
  CHECK_MESSAGE(message.rfind(file + ":/epochs/000" + std::to_string(epoch) + "/" + layer + ": ", 0) == 0, message);
  CHECK_MESSAGE(message.find(what) != std::string::npos, message, " does not say '", what, "'");
  CHECK(errors.find("snnl-analyze: error: " + message + "\n") != std::string::npos);
}

/// A dump of one bad item, /epochs/0000/fc.
void check_single(const std::string& name, const std::string& what, const std::vector<std::string>& more = {}) {
  CAPTURE(name);
  std::vector<std::string> arguments{analyze::cli_dump(name), "--json", "-"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const run::Result result = analyze::run(arguments);
  CHECK(result.status == 1);
  const Json analysis = analyze::checked(result.out);
  check_error(analysis, analyze::cli_dump(name), 0, "fc", what, result.err);
  analyze::error_lines(result);
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("bad items among good ones") {
    const std::string file = analyze::cli_dump("good_and_bad");
    const Scratch scratch;
    scratch.write("a.json", "old");
    const run::Result result = analyze::run({file, "--json", scratch.path("a.json"), "--csv", scratch.path("a.csv")});
    CHECK(result.status == 1);
    analyze::error_lines(result, 16);
    CHECK(result.out.find("error") != std::string::npos);
    CHECK(scratch.names() == "a.csv a.json");

    const Json analysis = analyze::checked(scratch.read("a.json"));
    CHECK(analysis["items"].size() == 20);
    for (const int epoch : {0, 1}) {
      const auto bad = [&](const char* layer, const char* what) {
        check_error(analysis, file, epoch, layer, what, result.err);
      };
      bad("constant", "every distance is zero");
      bad("dirty", "3 rows hold NaN or Inf (rows 3, 17, 39)");
      bad("empty", "no samples");
      bad("no_features", "no features");
      bad("scalar", "[samples, features]");
      bad("short", "30 samples, but /labels has 40");
      bad("text", "strings");
      bad("vector", "[samples, features]");
    }
    // The good ones are what they are alone.
    const Json alone = analyze::json_of({analyze::cli_dump("alone")});
    CHECK(alone["items"].size() == 4);
    for (const Json& item : alone["items"]) {
      CHECK(item == analyze::item(analysis, item["epoch"], item["layer"]));
    }
    for (const auto& row : analyze::csv_rows(scratch.read("a.csv"))) CHECK(row.size() == 13);
    CHECK(scratch.read("a.csv").find("\n1,short,error,,,,,,,,,,\n") != std::string::npos);
  }

  TEST_CASE("--nonfinite drop leaves rows out as if they had never been written") {
    const Json dropped = analyze::json_of(
        {analyze::cli_dump("good_and_bad"), "--layers", "dirty", "--epochs", "0", "--nonfinite", "drop"});
    Json item = analyze::item(dropped, 0, "dirty");
    const Json clean = analyze::item(analyze::json_of({analyze::cli_dump("clean")}), 0, "dirty");
    CHECK(item["dropped"] == 3);
    CHECK(clean["dropped"] == 0);
    CHECK(item["checksum"] != clean["checksum"]);            // it is over what differs, too
    CHECK(item["sample_digest"] != clean["sample_digest"]);  // other rows
    item["dropped"] = 0;
    item["checksum"] = clean["checksum"];
    item["sample_digest"] = clean["sample_digest"];
    CHECK(item == clean);
    check_single("only_nan", "all rows hold NaN or Inf", {"--nonfinite", "drop"});
    check_single("dropped_to_one", "fewer than two samples", {"--nonfinite", "drop"});
  }

  TEST_CASE("items with nothing to compare") {
    check_single("one_sample", "fewer than two samples");
    check_single("only_singletons", "no class has two members");
    check_single("two_strangers", "no class has two members");
    check_single("only_nan", "40 rows hold NaN or Inf (rows 0, 1, 2, 3, 4, ...)");
  }

  TEST_CASE("unsupported types") {
    const std::string file = analyze::dump("unsupported");
    const run::Result result = analyze::run({file, "--json", "-"});
    CHECK(result.status == 1);
    analyze::error_lines(result, 7);
    const Json analysis = analyze::checked(result.out);
    for (const auto& [layer, what] : {std::pair{"text", "strings"},
                                      {"vlen_text", "strings"},
                                      {"compound", "compound"},
                                      {"complex", "complex"},
                                      {"enum", "enumeration"},
                                      {"array", "arrays"},
                                      {"ragged", "lists of varying length"}}) {
      check_error(analysis, file, 0, layer, what, result.err);
    }
    CHECK(analyze::item(analysis, 0, "good")["status"] == "ok");
  }

  TEST_CASE("damaged, unfinished and foreign datasets") {
    const std::string damaged = analyze::dump("damaged");
    const run::Result result = analyze::run({damaged, "--json", "-"});
    CHECK(result.status == 1);
    analyze::error_lines(result, 2);
    const Json analysis = analyze::checked(result.out);
    check_error(analysis, damaged, 0, "checked", "could not be read", result.err);
    check_error(analysis, damaged, 0, "zipped", "could not be read", result.err);
    CHECK(analyze::item(analysis, 0, "good")["status"] == "ok");

    const std::string items = analyze::dump("bad_items");
    const run::Result others = analyze::run({items, "--json", "-"});
    CHECK(others.status == 1);
    const Json found = analyze::checked(others.out);
    for (const auto& [layer, what] : {std::pair{"scalar", "[samples, features]"},
                                      {"vector", "[samples, features]"},
                                      {"short", "10 samples"},
                                      {"no_samples", "no samples"},
                                      {"unwritten", "never written"},
                                      {"part", "in part only"},
                                      {"other_file", "external link"},
                                      {"external", "external storage"},
                                      {"huge", "memory"}}) {
      check_error(found, items, 0, layer, what, others.err);
    }
    CHECK(analyze::item(found, 0, "good")["status"] == "ok");
  }

  TEST_CASE("values whose distances overflow or underflow") {
    for (const auto& [layer, what] : {std::pair<const char*, const char*>{"f8", "overflow"}, {"tiny", "underflow"}}) {
      const run::Result result = analyze::run({analyze::cli_dump("huge_values"), "--layers", layer, "--json", "-"});
      CHECK(result.status == 1);
      analyze::error_lines(result);
      check_error(analyze::checked(result.out), analyze::cli_dump("huge_values"), 0, layer, what, result.err);
    }
  }
}
