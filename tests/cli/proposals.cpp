// A dump of another layout: read as snnl-inspect proposes where that is the only thing that fits.

#include <doctest/doctest.h>

#include <filesystem>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

namespace {

using analyze::Json;

/// What is told of a file that is read as proposed.
std::string note_of(const std::string& file, const std::string& options) {
  return "snnl-analyze: read " + file + " as: " + options + " (as snnl-inspect proposes)\n";
}

/// Refused, by the default options, with one line that refers to snnl-inspect.
void check_referred(const std::string& file, const std::string& begin) {
  CAPTURE(file);
  const std::string line = analyze::refusal({file});
  CHECK_MESSAGE(line.rfind(file + begin, 0) == 0, line);
  CHECK_MESSAGE(line.ends_with("; snnl-inspect " + file + " tells"), line);
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("proposals: the only one is run, and is as if it had been typed") {
    struct Case {
      std::string file, told;
      std::vector<std::string> typed;
    };
    for (
        const Case& one :
        {Case{analyze::cli_dump("foreign_one_hot"),
              "--layout '/acts/{layer}' --labels /y",
              {"--layout", "/acts/{layer}", "--labels", "/y"}},
         {analyze::cli_dump("foreign_one_hot_axis"),
          "--layout '/{layer}[{epoch}]' --labels /y",
          {"--layout", "/{layer}[{epoch}]", "--labels", "/y"}},
         {analyze::cli_dump("foreign_deep"),
          "--layout '/ckpt/{epoch}/{layer}' --labels /meta/target --layers blocks/0/mlp --layers blocks/1/mlp --layers "
          "head",
          {"--layout", "/ckpt/{epoch}/{layer}", "--labels", "/meta/target", "--layers", "blocks/0/mlp", "--layers",
           "blocks/1/mlp", "--layers", "head"}},
         {analyze::cli_dump("foreign_word"), "--layout '/{layer}_epoch{epoch}'", {"--layout", "/{layer}_epoch{epoch}"}},
         {analyze::cli_dump("foreign_same_labels"),
          "--layout '/acts/{layer}' --labels /y",
          {"--layout", "/acts/{layer}", "--labels", "/y"}},
         {analyze::dump("no_labels"), "--labels /meta/y", {"--labels", "/meta/y"}}}) {
      CAPTURE(one.file);
      const run::Result result = analyze::run({one.file, "-q", "--json", "-"});
      CHECK(result.status == 0);
      CHECK_MESSAGE(result.err.rfind(note_of(one.file, one.told), 0) == 0, result.err);
      std::vector<std::string> typed{one.file, "-q", "--json", "-"};
      typed.insert(typed.end(), one.typed.begin(), one.typed.end());
      const run::Result as_typed = analyze::run(typed);
      CHECK(as_typed.status == 0);
      CHECK(as_typed.err.find("proposes") == std::string::npos);
      CHECK(result.out == as_typed.out);
      analyze::checked(result.out);
    }
  }

  TEST_CASE("proposals: the inspection says the same") {
    const Json only = inspect::json_of({analyze::cli_dump("foreign_one_hot")}, 0)["proposal"];
    CHECK((only == Json{{"layout", "/acts/{layer}"},
                        {"labels", "/y"},
                        {"layers", Json::array()},
                        {"fits", true},
                        {"others", Json::array()}}));
    const Json two = inspect::json_of({analyze::cli_dump("foreign_two_labels")}, 0);
    CHECK((two["proposal"]["others"] == Json{"--labels /y"}));
    CHECK(inspect::has_finding(two, "warning", "", "can be read otherwise, too: --labels /y"));
    const Json count = inspect::json_of({analyze::cli_dump("foreign_count")}, 0)["proposal"];
    CHECK((count["others"] == Json{"--layout '/{layer}'"}));
    CHECK(inspect::json_of({analyze::testdata("digits_mlp.h5")}, 0)["proposal"].is_null());
  }

  TEST_CASE("proposals: several, or none that fits, are not run") {
    for (const char* name :
         {"foreign_two_labels", "foreign_two_splits", "foreign_domain", "foreign_count", "foreign_numbers",
          "foreign_no_labels", "foreign_predictions", "foreign_wrong_row", "foreign_soft"}) {
      check_referred(analyze::cli_dump(name),
                     ": is not laid out as a dump of version 1 (nothing matches "
                     "/epochs/{epoch}/{layer}); it holds /");
    }
    // Labels of each epoch, and of the whole file.
    check_referred(analyze::dump("group_per_epoch"), ": is not laid out as a dump of version 1");
    // What no layout helps keeps its advice.
    CHECK(analyze::refusal({analyze::dump("v2")}).ends_with("use a newer snnl, or describe the file with --layout"));
    CHECK(analyze::refusal({analyze::dump("no_datasets")}).ends_with("it holds no datasets at all"));
  }

  TEST_CASE("proposals: layout and labels that are given are not touched, other options are kept") {
    const std::string file = analyze::cli_dump("foreign_one_hot");
    const std::string labels = analyze::refusal({file, "--labels", "/y"});
    CHECK_MESSAGE(labels.find("with --layout, for instance") != std::string::npos, labels);
    const std::string layout = analyze::refusal({file, "--layout", "/acts/{layer}"});
    CHECK_MESSAGE(layout.find("name one of these with --labels: /y") != std::string::npos, layout);
    CHECK(analyze::refusal({file, "--layout", "/nope/{layer}"}).find("snnl-inspect") == std::string::npos);

    const run::Result result = analyze::run({file, "-q", "--json", "-", "--layers", "fc", "--ignore-label", "3"});
    CHECK(result.status == 0);
    const Json json = analyze::checked(result.out);
    CHECK(json["items"].size() == 1);
    CHECK((json["options"]["layers"] == Json{"fc"}));
    CHECK((json["options"]["ignore_label"] == Json{"3"}));
    CHECK(json["options"]["layout"] == "/acts/{layer}");
    CHECK(json["labels"]["classes"].size() == 3);
    const run::Result nope = analyze::run({analyze::cli_dump("foreign_flat"), "--layers", "nope"});
    CHECK(nope.status == 2);
    CHECK(nope.err.find("error: --layers: no layer matches 'nope'") != std::string::npos);
  }

  TEST_CASE("proposals: several files, any name, and going on") {
    const Scratch scratch;
    run::Options options;
    options.folder = scratch.folder();
    for (const char* name : {"-e1.h5", "it's e2.h5"}) {
      std::filesystem::copy_file(analyze::cli_dump("foreign_one_hot"), scratch.path(name));
    }
    const std::vector<std::string> both{"-q", "--json", "a.json", "--resume", "--", "-e1.h5", "it's e2.h5"};
    const run::Result first = analyze::run(both, options);
    CHECK(first.status == 0);
    CHECK(first.err.rfind("snnl-analyze: read -e1.h5 and 1 more as: --layout '/acts/{layer}' --labels /y (as ", 0) ==
          0);
    const std::string json = scratch.read("a.json");
    CHECK(analyze::checked(json)["items"].size() == 4);
    CHECK(analyze::run(both, options).status == 0);
    CHECK(scratch.read("a.json") == json);
    std::filesystem::copy_file(analyze::cli_dump("foreign_soft"), scratch.path("-soft's.h5"));
    CHECK(analyze::refusal({"--", "-soft's.h5"}, options).ends_with(R"(; snnl-inspect './-soft'\''s.h5' tells)"));
    // A file of another kind beside it: nothing reads both.
    const run::Result mixed = analyze::run({"-q", "--", "-e1.h5", analyze::cli_dump("foreign_deep")}, options);
    CHECK(mixed.status == 2);
    CHECK(mixed.err.find("; snnl-inspect ./-e1.h5 tells") != std::string::npos);
  }

  TEST_CASE("proposals: what is followed is not read as proposed, since more is to come") {
    const Scratch scratch;
    std::filesystem::copy_file(analyze::cli_dump("foreign_one_hot"), scratch.path("a.h5"));
    const run::Result result = analyze::run({scratch.folder().string(), "--follow", "--idle-timeout", "0.5", "-q"});
    CHECK(result.status == 2);
    const std::string line = analyze::error_lines(result)[0];
    CHECK_MESSAGE(line.ends_with("; snnl-inspect " + scratch.path("a.h5") + " tells"), line);
  }

  TEST_CASE("proposals: snnl-outliers takes that for the training file") {
    const std::string file = analyze::cli_dump("foreign_one_hot");
    const auto judged = [&](std::vector<std::string> more) {
      std::vector<std::string> all{"--train",
                                   file + "@0:20",
                                   "--calibration",
                                   file + "@20:30",
                                   "--test",
                                   file + "@30:",
                                   "-k",
                                   "3",
                                   "-q",
                                   "--json",
                                   "-"};
      all.insert(all.end(), more.begin(), more.end());
      return run::program("snnl-outliers", all);
    };
    const run::Result result = judged({});
    CHECK_MESSAGE(result.status == 0, result.err);
    CHECK(result.err.rfind("snnl-outliers: read " + file + " as: --layout '/acts/{layer}' --labels /y (as ", 0) == 0);
    const run::Result typed = judged({"--layout", "/acts/{layer}", "--labels", "/y"});
    CHECK(typed.status == 0);
    CHECK(result.out == typed.out);
    const std::string soft = analyze::cli_dump("foreign_soft");
    const run::Result refused = run::program("snnl-outliers", {"--train", soft, "--calibration", soft, "--test", soft});
    CHECK(refused.status == 2);
    CHECK(refused.err.ends_with("; snnl-inspect " + soft + " tells\n"));
  }
}
