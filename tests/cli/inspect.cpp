// snnl-inspect: what it prints, and that the command it prints works.

#include "support/inspect.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "support/analyze.hpp"

using inspect::Json;

TEST_SUITE("cli") {
  // Layout by hand; shapes, types and counts are those that testdata/README.md tells, sizes are their products.
  TEST_CASE("inspect: the report on the digits dump") {
    run::Options options;
    options.folder = std::string(SNNL_SOURCE_DIR) + "/testdata";
    const run::Result result = inspect::run({"digits_mlp.h5"}, options);
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(
        result.out ==
        R"(digits_mlp.h5: 1.03 MiB, dump of version 1, model dense 32-16-10 (ReLU), dataset scikit-learn digits, 500 held-out images
layout  /epochs/{epoch}/{layer}
epochs  6: 0, 1, 2, 4, 7, 12

  layer   epochs  shape      type     size     stored   storage
  input   6       [500, 64]  float32  750 KiB  138 KiB  chunks [125, 16], gzip 4
  fc1     6       [500, 32]  float32  375 KiB  375 KiB  contiguous
  fc2     6       [500, 16]  float64  375 KiB  375 KiB  contiguous
  logits  6       [500, 10]  float32  117 KiB  117 KiB  contiguous

  labels              samples  type         classes
  /labels             500      int64  used  10: 0 50, 1 51, 2 49, 3 51, 4 50, 5 51, 6 50, 7 50, 8 48, 9 50
  /label_sets/parity  500      int8         2: even 247, odd 253

no findings

read it with
  snnl-analyze digits_mlp.h5
)");
  }

  TEST_CASE("inspect: every fault of a file, none hidden by another") {
    const Json found = inspect::json_of({analyze::cli_dump("several")}, 1);
    CHECK(found["status"] == "findings");
    CHECK(found["command_line"].is_null());
    const std::vector<std::string> expected = {
        "error /epochs/0003: is an external link to elsewhere.h5:/epochs/0003, which is not followed",
        "error /epochs/0002: its attribute 'epoch' is not one whole number",
        "error /epochs/0001/good: is epoch 1 of layer 'good', and so is " + analyze::cli_dump("several") +
            ":/epochs/again/good",
        "error /epochs/0000/short_and_nan: holds 30 samples, but /labels has 40",
        "error /epochs/0000/short_and_nan: 1 row holds NaN or Inf (row 4)",
        "error /epochs/0000/zeros: every value is zero: it was never written, or the layer is dead",
        "error /epochs/0002/labels: all samples are equal: every distance is zero",
        "warning /labels: two classes are named 'cat'",
        "warning /labels: 1 class has one sample, which cannot be scored: owl",
        "warning: layer 'only_here' is missing in epochs 1, 2",
        "warning: layer 'short_and_nan' is missing in epoch 2",
        "warning: layer 'zeros' is missing in epoch 2",
        "warning: layer 'labels' is missing in epochs 0, 1",
        "warning: the attribute layer_names names what no epoch has: gone",
        "warning /label_sets/few: holds 9 labels, but 40 samples are labelled",
    };
    CHECK(inspect::findings_of(found) == expected);
    for (const Json& finding : found["findings"]) CHECK(!finding["advice"].is_null());
    // All of them are in the report, too.
    const run::Result table = inspect::run({analyze::cli_dump("several")});
    CHECK(table.status == 1);
    CHECK(table.out.find("\nfindings: 7 errors, 8 warnings\n") != std::string::npos);
    for (const Json& finding : found["findings"]) {
      CHECK(table.out.find(finding["message"].get<std::string>()) != std::string::npos);
    }
  }

  TEST_CASE("inspect: unusable labels do not hide what is wrong with the layers") {
    const Json found = inspect::json_of({analyze::cli_dump("bad_labels")}, 1);
    CHECK(inspect::has_finding(found, "error", "/labels", "not a whole number"));
    CHECK(inspect::has_finding(found, "error", "/epochs/0000/dirty", "40 rows hold NaN or Inf"));
    CHECK(found["findings"].size() == 2);
  }

  TEST_CASE("inspect: errors are what snnl-analyze says of the same file") {
    for (const std::string& file :
         {analyze::dump("bad_items"), analyze::dump("unsupported"), analyze::dump("nonfinite"),
          analyze::dump("damaged"), analyze::dump("soft_loop"), analyze::dump("cycles"), analyze::dump("types"),
          analyze::cli_dump("good_and_bad"), analyze::cli_dump("huge_values")}) {
      CAPTURE(file);
      const Json found = inspect::json_of({file}, 1);
      const run::Result analysed = inspect::paste(found["command_line"], "-q");
      CHECK(analysed.status == 1);
      // One reason is told once: of three items or more, the others have a line together.
      std::map<std::string, std::vector<std::string>> by_reason;
      for (const Json& finding : found["findings"]) by_reason[finding["message"]].push_back(finding["path"]);
      std::size_t lines = 0;
      for (const auto& [reason, paths] : by_reason) lines += std::min<std::size_t>(paths.size(), 2);
      CHECK(lines_of(analysed.err).size() == lines);
      for (const Json& finding : found["findings"]) {
        CHECK(finding["severity"] == "error");
        const std::string line =
            file + ":" + finding["path"].get<std::string>() + ": " + finding["message"].get<std::string>();
        const std::vector<std::string>& alike = by_reason[finding["message"]];
        if (alike.size() < 3 || finding["path"] == alike[0]) {
          CHECK_MESSAGE(analysed.err.find(line) != std::string::npos, line);
        } else {
          CHECK(analysed.err.find(alike[0] + ": the same of ") != std::string::npos);
        }
      }
      for (const Json& item : found["items"]) {
        const bool named = inspect::has_finding(found, "error", item["path"], "");
        CHECK(named == !item["sound"].get<bool>());
      }
    }
  }

  TEST_CASE("inspect: degenerate classes") {
    const auto of = [](const char* name, int status) { return inspect::json_of({analyze::cli_dump(name)}, status); };
    CHECK(inspect::has_finding(of("singletons", 0), "warning", "/labels", "2 classes have one sample"));
    CHECK(inspect::has_finding(of("one_class", 0), "warning", "/labels", "all samples are of one class"));
    CHECK(inspect::has_finding(of("only_singletons", 1), "error", "/labels", "no class has two members"));
    CHECK(of("only_singletons", 1)["items"][0]["sound"] == false);
    CHECK(inspect::has_finding(of("one_sample", 1), "error", "/epochs/0000/fc", "fewer than two samples"));
    CHECK(inspect::has_finding(of("class_missing", 0), "warning", "/epochs/0001/labels", "1 class has one sample"));
  }

  TEST_CASE("inspect: files that cannot be read") {
    for (const auto& [dump, what] : {std::pair{"nowhere", "no such file"},
                                     {"text", "not an HDF5 file"},
                                     {"zero_bytes", "empty"},
                                     {"truncated", "truncated"},
                                     {"header_only", "truncated"},
                                     {"folder", "directory"},
                                     {"being_written", "open by a writer"}}) {
      const std::string name = dump;
      CAPTURE(name);
      const Json found = inspect::json_of({analyze::dump(name)}, 2);
      CHECK(found["status"] == "unreadable");
      CHECK(inspect::has_finding(found, "error", "", what));
      const run::Result result = inspect::run({analyze::dump(name), "-q"});
      CHECK(result.status == 2);
      CHECK(result.out == "");
      CHECK(lines_of(result.err).size() == 1);
      CHECK(result.err.rfind("snnl-inspect: error: " + analyze::dump(name) + ": ", 0) == 0);
    }
    CHECK(inspect::json_of({analyze::dump("no_datasets")}, 1)["items"].empty());
  }

  TEST_CASE("inspect: what is proposed for another layout works when pasted") {
    struct Case {
      std::string file, layout, labels;
      std::size_t items;
    };
    for (const Case& one : {Case{analyze::cli_dump("foreign_deep"), "/ckpt/{epoch}/{layer}", "/meta/target", 6},
                            {analyze::cli_dump("foreign_flat"), "/{layer}", "/y", 2},
                            {analyze::cli_dump("foreign_axis"), "/data/acts/{layer}[{epoch}]", "/data/labels", 10},
                            {analyze::cli_dump("foreign_word"), "/{layer}_epoch{epoch}", "", 6},
                            {analyze::cli_dump("foreign_one_layer"), "/{layer}/{epoch}", "/targets", 3},
                            {analyze::cli_dump("foreign_own_labels"), "/{epoch}/{layer}/activations", "", 6},
                            {analyze::cli_dump("foreign_numbers"), "/hidden/{epoch}/{layer}", "", 12},
                            {analyze::cli_dump("foreign_two_numbers"), "/ckpt_{epoch}_lr0.1/{layer}", "", 4},
                            {analyze::cli_dump("foreign_no_epochs"), "/{layer}", "", 6},
                            {analyze::cli_dump("foreign_cube"), "/{layer}[{epoch}]", "/y", 5},
                            {analyze::dump("group_per_epoch"), "/runs/{epoch}/{layer}/act", "/runs/{epoch}/y", 4},
                            {analyze::dump("group_per_layer"), "/{layer}/{epoch}", "", 4},
                            {analyze::dump("named_epochs"), "/runs/{epoch}/{layer}", "", 3},
                            {analyze::dump("mixed_epochs"), "/runs/{layer}/fc", "", 2},
                            {analyze::dump("axis_first"), "/{layer}", "", 9},
                            {analyze::dump("axis_second"), "/{layer}", "", 1},
                            {analyze::dump("no_labels"), "/epochs/{epoch}/{layer}", "/meta/y", 1}}) {
      CAPTURE(one.file);
      const Json found = inspect::json_of({one.file}, 0);
      CHECK(found["layout"] == one.layout);
      CHECK(found["labels"] == (one.labels.empty() ? Json(nullptr) : Json(one.labels)));
      CHECK(found["items"].size() == one.items);
      const run::Result pasted = inspect::paste(found["command_line"], "-q --json -");
      CHECK_MESSAGE(pasted.status == 0, pasted.err);
      CHECK(Json::parse(pasted.out)["items"].size() == one.items);
    }
  }

  TEST_CASE("inspect: --layers is proposed only where something else matches") {
    const auto line = [](const char* name) {
      return inspect::json_of({analyze::cli_dump(name)}, 0)["command_line"].get<std::string>();
    };
    CHECK(line("foreign_cube").find("--layers") == std::string::npos);
    CHECK(line("foreign_flat").find(" --layers 'conv 1' --layers 'it'\\''s fc'") != std::string::npos);
  }

  TEST_CASE("inspect: another layout without labels") {
    const Json found = inspect::json_of({analyze::cli_dump("foreign_no_labels")}, 1);
    CHECK(found["layout"] == "/{epoch}/{layer}");
    CHECK(inspect::has_finding(found, "error", "/labels", "store one as /labels"));
    CHECK(found["items"].size() == 3);
    CHECK(found["command"].empty());
  }

  TEST_CASE("inspect: the command names any file") {
    const Scratch scratch;
    for (const std::string name : {"my run.h5", "it's $HOME.h5", "a\nb.h5", "-q.h5", "\"x\" `id`;.h5"}) {
      CAPTURE(name);
      std::filesystem::copy_file(analyze::cli_dump("foreign_flat"), scratch.path(name));
      run::Options options;
      options.folder = scratch.folder();
      const run::Result result = inspect::run({"--", name}, options);
      REQUIRE_MESSAGE(result.status == 0, result.err);
      const std::string command = lines_of(result.out).back();
      const run::Result pasted = inspect::paste(command, "-q --json -", options);
      CHECK_MESSAGE(pasted.status == 0, pasted.err);
      CHECK(Json::parse(pasted.out)["items"].size() == 2);
    }
  }

  TEST_CASE("inspect: names from the file cannot reach the terminal") {
    const run::Result result = inspect::run({analyze::cli_dump("hostile_names")});
    CHECK(result.status == 0);
    CHECK(result.out.find('\x1b') == std::string::npos);
    CHECK(result.out.find("a??[31mb") != std::string::npos);
    inspect::json_of({analyze::cli_dump("hostile_names")}, 0);
    inspect::json_of({analyze::cli_dump("not_utf8")}, 0);
    inspect::json_of({analyze::testdata("fashion_mnist_cnn.h5")}, 0);
  }

  TEST_CASE("inspect: options") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const Scratch scratch;
    const run::Result json = inspect::run({file, "-q", "--json", scratch.path("a.json")});
    CHECK(json.status == 0);
    CHECK(json.out == "");
    CHECK(scratch.read("a.json") == inspect::run({file, "--json", "-"}).out);
    CHECK(inspect::json_of({file, "--labels", "parity"}, 0)["label_sets"][0]["path"] == "/label_sets/parity");
    CHECK(inspect::json_of({analyze::dump("nonfinite"), "--no-data"}, 0)["data_read"] == false);
    const run::Result quick = inspect::run({analyze::dump("nonfinite"), "--no-data"});
    CHECK(quick.out.find("no findings; values were not looked at") != std::string::npos);
    CHECK(
        inspect::has_finding(inspect::json_of({file, "--layout", "/nope/{layer}"}, 1), "error", "", "nothing matches"));
    CHECK(inspect::has_finding(inspect::json_of({file, "--labels", "party"}, 1), "error", "/label_sets/party",
                               "did you mean 'parity'?"));
    CHECK(inspect::run({file, "--layout", "nope"}).status == 2);
    CHECK(inspect::run({}).status == 2);
    CHECK(inspect::run({file, "--json", file}).status == 2);
    const run::Result help = inspect::run({"--help"});
    CHECK(help.status == 0);
    for (const char* text :
         {"--layout", "--labels", "--no-data", "--json", "--quiet", "--threads", "Exit status: 0 sound"}) {
      CHECK_MESSAGE(help.out.find(text) != std::string::npos, text);
    }
    CHECK(inspect::run({"--version"}).out.rfind("snnl-inspect ", 0) == 0);
  }
}
