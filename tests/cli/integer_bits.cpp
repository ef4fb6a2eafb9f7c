// Layers of 16-bit integers that hold the bits of floats: what is warned of, and the options that read them.

#include <doctest/doctest.h>

#include <algorithm>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

using analyze::Json;

namespace {

const std::string like_bfloat16 =
    "its 16-bit integers look like the bits of bfloat16 numbers; read them with --bfloat16";

/// Of both analyses, layer by layer: numbers are of the same values.
void check_same(const Json& bits, const Json& numbers, const std::vector<std::string>& layers) {
  for (const std::string& layer : layers) {
    const Json& one = analyze::item(bits, 0, layer);
    CHECK(one["entanglement"] == analyze::item(numbers, 0, layer)["entanglement"]);
    CHECK(one["digest"] == analyze::item(numbers, 0, layer)["digest"]);
  }
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("integer bits: read by the option they give the numbers of the values") {
    const Json numbers = analyze::json_of({analyze::cli_dump("rounded")});
    const Json bits = analyze::json_of({analyze::cli_dump("bits"), "--bfloat16"});
    check_same(bits, numbers, {"relu", "signed", "big_endian"});
    CHECK(bits["options"]["bfloat16"] == true);
    CHECK(bits["options"]["float16_bits"] == false);
    // Without it they are others: what goes wrong where nobody is told.
    const Json wrong = analyze::checked(analyze::run({analyze::cli_dump("bits"), "--json", "-"}).out);
    for (const char* layer : {"relu", "signed"}) {
      CHECK(analyze::item(wrong, 0, layer)["entanglement"] != analyze::item(numbers, 0, layer)["entanglement"]);
    }
    CHECK(analyze::item(wrong, 0, "single")["digest"] == analyze::item(bits, 0, "single")["digest"]);
  }

  TEST_CASE("integer bits: float16, by the option or the attribute dtype") {
    const std::string file = analyze::cli_dump("bits");
    const Json numbers = analyze::json_of({analyze::cli_dump("rounded")});
    const Json bits = analyze::json_of({file, "--layout", "/bits_of_half/{layer}", "--float16-bits"});
    check_same(bits, numbers, {"half", "said"});
    CHECK(bits["options"]["float16_bits"] == true);
    // What says what it is is not read as something else.
    const Json other = analyze::json_of({file, "--layout", "/bits_of_half/{layer}", "--bfloat16"});
    CHECK(analyze::item(other, 0, "said")["digest"] == analyze::item(numbers, 0, "said")["digest"]);
    CHECK(analyze::item(other, 0, "half")["digest"] != analyze::item(numbers, 0, "half")["digest"]);
  }

  TEST_CASE("integer bits: one warning, named by the dataset, and one of the rest") {
    const std::string file = analyze::cli_dump("bits_over_epochs");
    const run::Result result = analyze::run({file, "-q"});
    CHECK(result.status == 0);
    CHECK(result.err == "snnl-analyze: warning: " + file + ":/epochs/0000/fc1: " + like_bfloat16 +
                            "\nsnnl-analyze: warning: 9 more, the last of them " + file +
                            ":/epochs/0004/fc2: " + like_bfloat16 + "\n");
    CHECK(analyze::run({file, "-q", "--bfloat16"}).err == "");
    const run::Result two = analyze::run({file, "-q", "--epochs", "1"});
    CHECK(two.err == "snnl-analyze: warning: " + file + ":/epochs/0001/fc1: " + like_bfloat16 +
                         "\nsnnl-analyze: warning: " + file + ":/epochs/0001/fc2: " + like_bfloat16 + "\n");
  }

  TEST_CASE("integer bits: maps are looked at before they are pooled") {
    for (const std::string pool : {"none", "mean", "2x1"}) {
      const run::Result result =
          analyze::run({analyze::cli_dump("bits"), "--layout", "/bits_of_maps/{layer}", "-q", "--pool", pool});
      CHECK(result.err.find(like_bfloat16) != std::string::npos);
    }
  }

  TEST_CASE("integer bits: integers that are what they seem are not warned of") {
    const std::string file = analyze::cli_dump("integers");
    CHECK(analyze::run({file, "-q"}).err == "");
    CHECK(inspect::findings_of(inspect::json_of({file}, 0)).empty());
  }

  TEST_CASE("integer bits: an option that applies to nothing says so, and changes nothing") {
    const std::string file = analyze::cli_dump("rounded");
    for (const std::string option : {"--bfloat16", "--float16-bits"}) {
      const run::Result result = analyze::run({file, option});
      CHECK(result.status == 0);
      CHECK(result.out == analyze::run({file}).out);
      CHECK(result.err == "snnl-analyze: warning: " + file + ": " + option +
                              " changes nothing: no layer holds 16-bit integers of unknown meaning; leave it out\n");
      CHECK(inspect::has_finding(inspect::json_of({file, option}, 0), "warning", "", option + " changes nothing"));
    }
    // It applies to one layer of two.
    CHECK(analyze::run({analyze::cli_dump("bits"), "-q", "--bfloat16", "--layers", "single,relu"}).err == "");
    CHECK(analyze::run({analyze::cli_dump("bits"), "-q", "--bfloat16", "--layers", "single"}).err != "");
  }

  TEST_CASE("integer bits: both readings at once are refused") {
    CHECK(analyze::refusal({analyze::cli_dump("bits"), "--bfloat16", "--float16-bits"}) ==
          "--bfloat16 excludes --float16-bits; see snnl-analyze --help");
  }

  TEST_CASE("integer bits: labels are integers, whatever the layers are") {
    // The labels of this dump are 16-bit integers.
    const Json found = inspect::json_of({analyze::cli_dump("bits_and_labels"), "--bfloat16"}, 0);
    CHECK(found["label_sets"][0]["type"] == "int16");
    CHECK(found["label_sets"][0]["classes"].size() == 4);
    CHECK(found["datasets"][found["items"][0]["dataset"].get<std::size_t>()]["type"] == "bfloat16");
    const Json bits = analyze::json_of({analyze::cli_dump("bits_and_labels"), "--bfloat16"});
    CHECK(analyze::item(bits, 0, "relu")["entanglement"] ==
          analyze::item(analyze::json_of({analyze::cli_dump("rounded")}), 0, "relu")["entanglement"]);
  }

  TEST_CASE("integer bits: snnl-inspect finds them, and its command reads them where all are alike") {
    const Json mixed = inspect::json_of({analyze::cli_dump("bits")}, 0);
    CHECK(inspect::findings_of(mixed) ==
          std::vector<std::string>{
              "warning /epochs/0000/big_endian: its 16-bit integers look like the bits of bfloat16 numbers",
              "warning /epochs/0000/relu: its 16-bit integers look like the bits of bfloat16 numbers",
              "warning /epochs/0000/signed: its 16-bit integers look like the bits of bfloat16 numbers"});
    CHECK(mixed["command"].back() != "--bfloat16");  // `integers` are none
    const Json alike = inspect::json_of({analyze::cli_dump("bits_over_epochs")}, 0);
    CHECK(alike["command"].back() == "--bfloat16");
    CHECK(inspect::paste(alike["command_line"], "-q").err == "");
    CHECK(inspect::paste(alike["command_line"], "-q").status == 0);
    const Json read = inspect::json_of({analyze::cli_dump("bits_over_epochs"), "--bfloat16"}, 0);
    CHECK(read["findings"].empty());
    CHECK(read["command"] == alike["command"]);
    CHECK(inspect::json_of({analyze::cli_dump("bits_over_epochs"), "--no-data"}, 0)["findings"].empty());
  }

  TEST_CASE("integer bits: snnl-outliers") {
    const std::string file = analyze::cli_dump("bits_and_labels");
    const std::vector<std::string> parts{
        "--train", file + "@0:120", "--calibration", file + "@120:160", "--test", file + "@160:", "-k", "5", "-q"};
    const auto with = [&](const std::vector<std::string>& more) {
      std::vector<std::string> all = parts;
      all.insert(all.end(), more.begin(), more.end());
      return run::program("snnl-outliers", all);
    };
    const run::Result warned = with({});
    CHECK(warned.status == 0);
    CHECK(warned.err == "snnl-outliers: warning: " + file + ":/epochs/0000/relu: " + like_bfloat16 + "\n");
    const run::Result read = with({"--bfloat16", "--json", "-"});
    CHECK(read.err == "");
    CHECK(Json::parse(read.out)["options"]["bfloat16"] == true);
    CHECK(with({"--float16-bits", "--bfloat16"}).status == 2);
  }

  TEST_CASE("integer bits: --resume computes anew what was read otherwise") {
    const Scratch scratch;
    const std::string file = analyze::cli_dump("bits_over_epochs"), json = scratch.path("a.json");
    CHECK(analyze::run({file, "-q", "--json", json}).status == 0);
    const run::Result again = analyze::run({file, "--bfloat16", "--resume", "--json", json});
    CHECK(again.err == "snnl-analyze: " + json +
                           ": it was made with another --bfloat16, which was false; everything is computed anew\n");
  }
}
