// --ignore-label: samples that are left out because of their label.

#include <doctest/doctest.h>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

using analyze::Json;

namespace {

std::string padded() { return analyze::cli_dump("padded"); }

/// What the analysis says of both layers is what it says of a dump without the padding.
void check_as_without_padding(const Json& analysis) {
  const Json plain = analyze::json_of({analyze::cli_dump("without_padding")});
  for (const char* layer : {"fc", "nan_in_padding"}) {
    const Json &one = analyze::item(analysis, 0, layer), &other = analyze::item(plain, 0, layer);
    for (const char* same :
         {"samples", "scored", "entanglement", "chance", "temperature", "class_similarity", "digest"})
      CHECK(one[same] == other[same]);
    CHECK(one["ignored"] == 20);
    CHECK(other["ignored"] == 0);
    CHECK(one["dropped"] == 0);
  }
  CHECK(analysis["labels"]["classes"] == plain["labels"]["classes"]);
}

std::string warning(const std::string& what) { return "snnl-analyze: warning: " + what + "\n"; }

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("ignored labels: samples are neither scored nor neighbours, whatever they hold") {
    const Json analysis = analyze::json_of({padded(), "--ignore-label", "-100"});
    check_as_without_padding(analysis);
    CHECK(analysis["options"]["ignore_label"] == Json({"-100"}));
    CHECK(analyze::json_of({analyze::cli_dump("without_padding")})["options"]["ignore_label"] == Json::array());
    check_as_without_padding(analyze::json_of({padded(), "--ignore-label=-100"}));
  }

  TEST_CASE("ignored labels: the table says how many") {
    const run::Result result = analyze::run({padded(), "--ignore-label", "-100"});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(
        result.out.starts_with("entanglement at the optimal temperature (nats; chance 1.438; n = 60; 20 left out for "
                               "their label)\n"));
  }

  TEST_CASE("ignored labels: rows of single samples are those of the file") {
    const run::Result result =
        analyze::run({padded(), "--layers", "fc", "--ignore-label", "-100", "--per-sample", "-"});
    const auto rows = analyze::csv_rows(result.out);
    REQUIRE(rows.size() == 61);
    CHECK(rows[3][2] == "2");
    CHECK(rows[4][2] == "4");  // row 3 is padding
    CHECK(rows[60][2] == "78");
  }

  TEST_CASE("ignored labels: several, repeated or as a list, strings, and names with commas") {
    const auto samples = [](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), {padded(), "--layers", "fc"});
      return analyze::item(analyze::json_of(arguments), 0, "fc")["samples"].get<int>();
    };
    CHECK(samples({"--ignore-label", "-100,3"}) == 45);
    CHECK(samples({"--ignore-label", "-100", "--ignore-label", "3"}) == 45);
    CHECK(samples({"--labels", "words", "--ignore-label", "pad"}) == 60);
    CHECK(samples({"--labels", "words", "--ignore-label", "pad,cat"}) == 40);
    CHECK(samples({"--labels", "words", "--ignore-label", "a,b", "--ignore-label", "pad"}) == 40);
    // By number or by name; the one of no class needs no name.
    CHECK(samples({"--labels", "named", "--ignore-label", "-100"}) == 60);
    CHECK(samples({"--labels", "named", "--ignore-label", "-100,owl"}) == 45);
    CHECK(samples({"--labels", "named", "--ignore-label", "-100,2"}) == 45);
  }

  TEST_CASE("ignored labels: those that do not occur are told") {
    const run::Result result = analyze::run({padded(), "-q", "--layers", "fc", "--ignore-label", "-100,7,cat"});
    CHECK(result.status == 0);
    const std::string more =
        " leaves out nothing: no sample has this label; name a label as it is stored, or leave it out";
    CHECK(result.err == warning(padded() + ":/labels: --ignore-label 7" + more) +
                            warning(padded() + ":/labels: --ignore-label cat" + more));
    const Json found = inspect::json_of({padded(), "--ignore-label", "-100", "--ignore-label", "7"}, 0);
    CHECK(inspect::findings_of(found) ==
          std::vector<std::string>{"warning /labels: --ignore-label 7 leaves out nothing: no sample has this label"});
  }

  TEST_CASE("ignored labels: where nothing is left") {
    CHECK(analyze::refusal({padded(), "--labels", "split", "--ignore-label", "0,1"}) ==
          padded() + ":/label_sets/split: no label is left; take one out of --ignore-label");
    CHECK(analyze::refusal({padded(), "--ignore-label", ""}).find("--ignore-label") != std::string::npos);
  }

  TEST_CASE("ignored labels: one negative label beside classes is told, with what to do") {
    const std::string what =
        "the label -100 is negative, the others are 0 to 3: it may mark samples that are none of a class";
    const std::string advice = "leave them out with --ignore-label -100";
    const run::Result result = analyze::run({padded(), "-q", "--layers", "fc"});
    CHECK(result.status == 0);
    CHECK(result.err == warning(padded() + ":/labels: " + what + "; " + advice));
    const Json found = inspect::json_of({padded()}, 1);
    CHECK(inspect::has_finding(found, "warning", "/labels", what));
    CHECK(inspect::has_finding(found, "error", "/epochs/0000/nan_in_padding", "1 row holds NaN or Inf (row 3)"));
    // With class_names it is an error, as ever, with the same advice.
    CHECK(analyze::refusal({padded(), "--labels", "named"}) ==
          padded() +
              ":/label_sets/named: row 3 holds the label -100, but class_names has 4 names (labels from 0); "
              "correct one of them, or leave out its samples with --ignore-label -100");
    // Labels of -1 and 1, or without a 0, are what they are.
    CHECK(analyze::run({analyze::cli_dump("plus_and_minus"), "-q"}).err == "");
  }

  TEST_CASE("ignored labels: snnl-inspect counts them, and its command leaves them out") {
    const Json found = inspect::json_of({padded(), "--ignore-label", "-100"}, 0);
    CHECK(found["findings"].empty());
    CHECK(found["label_sets"][0]["samples"] == 80);
    CHECK(found["label_sets"][0]["ignored"] == 20);
    CHECK(found["label_sets"][0]["classes"].size() == 4);
    CHECK(found["command"][2] == "--ignore-label");
    CHECK(found["command"][3] == "-100");
    check_as_without_padding(Json::parse(inspect::paste(found["command_line"], "--json -").out));
    CHECK(inspect::run({padded(), "--ignore-label", "-100"}).out.find("; 20 left out\n") != std::string::npos);
  }

  TEST_CASE("ignored labels: analyses that leave out others are not resumed from, and said not to compare") {
    const Scratch scratch;
    const std::string with = scratch.path("with.json"), without = scratch.path("without.json");
    const std::string plain = scratch.path("plain.json");
    CHECK(analyze::run({padded(), "-q", "--layers", "fc", "--ignore-label", "-100", "--json", with}).status == 0);
    CHECK(analyze::run({padded(), "-q", "--layers", "fc", "--json", without}).status == 0);
    const run::Result again =
        analyze::run({padded(), "--layers", "fc", "--ignore-label", "-100", "--json", without, "--resume"});
    CHECK(again.err.find("everything is computed anew") != std::string::npos);
    CHECK(read_text(without) == read_text(with));
    CHECK(analyze::run({analyze::cli_dump("without_padding"), "-q", "--layers", "fc", "--json", plain}).status == 0);
    const run::Result checked = run::program("snnl-check", {with, "--baseline", plain});
    CHECK(checked.status != 0);
    CHECK(checked.out.find("ignored labels") != std::string::npos);
  }

  TEST_CASE("ignored labels: analyses of before there was this option are resumed from") {
    const Scratch scratch;
    const std::string file = analyze::cli_dump("without_padding"), json = scratch.path("a.json");
    CHECK(analyze::run({file, "-q", "--json", json}).status == 0);
    const std::string now = read_text(json);
    Json before = Json::parse(now);
    for (const char* option : {"ignore_label", "bfloat16", "float16_bits"}) before["options"].erase(option);
    for (Json& item : before["items"]) item.erase("ignored");
    scratch.write("a.json", before.dump());
    const run::Result kept = analyze::run({file, "--json", json, "--resume"});
    CHECK(kept.status == 0);
    CHECK(kept.err == "");  // damage, or other options, would be told
    CHECK(read_text(json) == now);
    // But a number that was made up is not believed.
    before["items"][0]["ignored"] = 3;
    scratch.write("a.json", before.dump());
    CHECK(analyze::run({file, "--json", json, "--resume"}).err.find("1 of 2 items are damaged") != std::string::npos);
  }

  TEST_CASE("ignored labels: snnl-outliers") {
    const auto run = [](const std::string& option, const std::string& train, const std::string& json) {
      return run::program("snnl-outliers",
                          {"--train", padded() + train, "--calibration", padded() + "@40:60", "--test",
                           padded() + "@60:", "--layers", "fc", "-k", "3", option, "-100", "--json", json});
    };
    const Json by_rows = Json::parse(run("--ignore-label", "@0:40", "-").out);
    CHECK(by_rows["options"]["ignore_label"] == Json({"-100"}));
    CHECK(by_rows["ignored"]["training"] == 10);
    CHECK(by_rows["ignored"]["calibration"] == 5);
    CHECK(by_rows["test"]["ignored"] == 5);
    CHECK(by_rows["test"]["samples"] == 15);
    CHECK(by_rows["test"]["rows"][0] == 60);
    CHECK(by_rows["test"]["rows"][3] == 64);
    CHECK(by_rows["classes"].size() == 4);
    // The same samples chosen by a label set, in which nothing is ignored.
    Json by_set = Json::parse(run("--ignore-label", "@split=0", "-").out);
    CHECK(by_set == by_rows);
    // The same as of a file without the padding: those 60 samples are 30, 15 and 15.
    const std::string plain = analyze::cli_dump("without_padding");
    const Json without = Json::parse(
        run::program("snnl-outliers", {"--train", plain + "@0:30", "--calibration", plain + "@30:45", "--test",
                                       plain + "@45:", "--layers", "fc", "-k", "3", "--json", "-"})
            .out);
    CHECK(without["test"]["credibility"] == by_rows["test"]["credibility"]);
    CHECK(without["test"]["nonconformity"] == by_rows["test"]["nonconformity"]);
    const Scratch scratch;
    CHECK(run("--ignore-label", "@0:40", scratch.path("o.json"))
              .out.find("20 samples left out for their label: 10 of training, 5 of calibration, 5 of test\n") !=
          std::string::npos);
    CHECK(analyze::schema_complaint({scratch.path("o.json")}, "snnl.outliers-1") == "");
  }
}
