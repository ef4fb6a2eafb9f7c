// One-hot labels: read as the column of the 1, and taken for no layer.

#include <doctest/doctest.h>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

namespace {

using analyze::Json;

/// What is analysed, whatever is told on the way.
Json analysis_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"-q", "--json", "-"});
  const run::Result result = analyze::run(arguments);
  CHECK_MESSAGE(result.status == 0, result.err);
  return analyze::checked(result.out);
}

/// What does not depend on how labels are stored.
Json numbers(const std::vector<std::string>& arguments) {
  Json all = analysis_of(arguments);
  all.erase("options");
  all["labels"].erase("path");
  for (Json& item : all["items"]) item.erase("checksum");
  return all;
}

std::vector<std::string> layers_of(const std::string& file, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{file};
  arguments.insert(arguments.end(), more.begin(), more.end());
  std::vector<std::string> out;
  const Json all = analysis_of(arguments);
  for (const Json& item : all["items"]) {
    if (item["epoch"] == 0) out.push_back(item["layer"]);
  }
  return out;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("one-hot labels of any type are class numbers") {
    const std::string file = analyze::cli_dump("one_hot_kinds");
    const Json expected = numbers({file});
    for (const char* set :
         {"half", "double", "big", "flags", "bytes", "signed", "wide", "chunked", "with_empty_class"}) {
      CAPTURE(set);
      CHECK((numbers({file, "--labels", set}) == expected));
    }
    const run::Result result = analyze::run({file, "--labels", "half", "-q"});
    CHECK(result.status == 0);
    CHECK(result.err == "snnl-analyze: labels are one-hot: the class of a sample is the column of its 1\n");
    CHECK(analyze::run({file, "-q"}).err == "");
    const Json named = analysis_of({file, "--labels", "named"})["labels"]["classes"];
    CHECK(named[3]["name"] == "eel");
    CHECK(named[3]["count"] == 10);
    CHECK(analysis_of({file, "--labels", "named", "--ignore-label", "eel"})["labels"]["classes"].size() == 3);
  }

  TEST_CASE("labels of several columns that are not one-hot are refused, with the row") {
    const std::string file = analyze::cli_dump("one_hot_kinds");
    for (const char* set : {"two_ones", "no_one", "two", "minus", "nan", "soft"}) {
      CHECK(analyze::refusal({file, "--labels", set}) ==
            file + ":/label_sets/" + set +
                ": has shape [40, 4], but row 33 is not one-hot, one 1 and zeros else: one label per sample is needed; "
                "store the class number of each sample (argmax over axis 1, where that is meant)");
    }
    CHECK(
        analyze::refusal({file, "--labels", "unnamed_class"}).find("row 3 holds the label 3, but class_names has 3") !=
        std::string::npos);
    const std::string soft = analyze::cli_dump("foreign_soft");
    CHECK(analyze::refusal({soft, "--layout", "/acts/{layer}", "--labels", "/y"}).rfind(soft + ":/y: has shape", 0) ==
          0);
    const Json found = inspect::json_of({analyze::cli_dump("foreign_wrong_row")}, 1);
    CHECK(inspect::has_finding(found, "error", "/labels", "(row 7 of /y is not one-hot)"));
  }

  TEST_CASE("one-hot labels are no layer, unless they are named as one") {
    const std::string file = analyze::cli_dump("one_hot_beside");
    const std::vector<std::string> layers{"fc", "onehot", "target", "y_pred"};
    CHECK(layers_of(file, {}) == layers);
    CHECK(layers_of(file, {"--layers", "*"}) == layers);
    CHECK(layers_of(file, {"--layers", "y", "--layers", "fc"}) == std::vector<std::string>{"fc", "y"});
    const run::Result result = analyze::run({file, "-q", "--layers", "fc"});
    CHECK(result.status == 0);
    CHECK(result.err.find("warning: " + file + ":/epochs/0000/y: is one-hot labels, and so no layer") !=
          std::string::npos);
    // An epoch's own labels, too.
    CHECK(inspect::json_of({file}, 0)["label_sets"][1]["path"] == "/labels");
    CHECK(inspect::json_of({file}, 0)["label_sets"][0]["path"] == "/epochs/0001/labels");
  }

  TEST_CASE("one-hot labels in the inspection") {
    const std::string file = analyze::cli_dump("foreign_one_hot");
    const Json found = inspect::json_of({file}, 0);
    CHECK(found["label_sets"][0]["type"] == "float16, one-hot");
    CHECK(found["label_sets"][0]["classes"].size() == 4);
    CHECK((found["layers"] == Json{"conv", "fc"}));
    const run::Result table = inspect::run({file});
    CHECK(table.out.find("  /y      40       float16, one-hot  used  4: 0 10, 1 10, 2 10, 3 10\n") !=
          std::string::npos);
    const Json kinds = inspect::json_of({analyze::cli_dump("one_hot_kinds"), "--labels", "flags"}, 0);
    CHECK(kinds["label_sets"][0]["type"] == "bool, one-hot");
    CHECK(inspect::has_finding(kinds, "warning", "/label_sets/soft", "row 33 is not one-hot"));
    CHECK(inspect::has_finding(inspect::json_of({analyze::cli_dump("one_hot_beside")}, 0), "warning", "/epochs/0000/y",
                               "is one-hot labels, and so no layer"));
  }
}
