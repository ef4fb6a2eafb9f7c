// Names that come from files, through the outputs of all tools that print them.

#include <doctest/doctest.h>

#include <algorithm>

#include "snnl/text/printable.hpp"
#include "support/analyze.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

using Arguments = std::vector<std::string>;

/// Checks that all lines are harmless and not too long, and gives how many there are.
std::size_t check_lines(const std::string& text, std::size_t longest) {
  const auto lines = lines_of(text);
  for (const std::string& line : lines) {
    CHECK(snnl::text::printable(line) == line);
    CHECK_MESSAGE(snnl::text::cut_in_the_middle(line, longest) == line, line.size());
  }
  return lines.size();
}

run::Result checked(const std::string& tool, const Arguments& arguments, int status, const run::Options& options = {}) {
  CAPTURE(tool);
  run::Result result = run::program(tool, arguments, options);
  CHECK_MESSAGE(result.status == status, result.err);
  // Eight columns of a table, the widest at its end.
  check_lines(result.out, 2600);
  if (!options.terminal) check_lines(result.err, snnl::text::longest_message);
  return result;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("harmful names: tables and messages of every tool") {
    const std::string dump = analyze::cli_dump("harmful_names");
    const Scratch scratch;
    const std::string json = scratch.path("a.json"), other = scratch.path("b.json"), csv = scratch.path("a.csv");
    const run::Result table = checked("snnl-analyze", {dump, "--json", json, "--csv", csv}, 1);
    CHECK(table.out.find("  ?gnp.x  ") != std::string::npos);
    CHECK(lines_of(table.err).size() == 1);
    CHECK(table.err.rfind("snnl-analyze: error: " + dump + ":/epochs/0000/?bad", 0) == 0);
    CHECK(table.err.find("bbb: 40 rows hold NaN or Inf") != std::string::npos);
    analyze::checked(scratch.read("a.json"));

    checked("snnl-inspect", {dump}, 1);
    analyze::run({dump, "-q", "--layers", "*=*", "--json", other});
    checked("snnl-check", {json, "--baseline", other, "--all"}, 1);
    for (const char* format : {"--markdown", "--junit"}) {
      // Lines of these are as long as what they hold.
      const run::Result result = run::program("snnl-check", {json, "--baseline", other, format, "-"});
      CHECK(result.status == 1);
      for (const std::string& line : lines_of(result.out)) CHECK(snnl::text::printable(line) == line);
    }
    checked("snnl-outliers",
            {"--train", dump + "@0:20", "--calibration", dump + "@20:30", "--test", dump + "@30:", "--layers", "*=*",
             "--layers", "*gnp*", "-k", "3"},
            0);
    checked("snnl-report", {json, "--spec", scratch.path("specs"), "--label", "a\u202eb"}, 0);
  }

  TEST_CASE("harmful names: those of the command line") {
    const std::string name = "\u202e\x9bno\u2028ne" + std::string(3000, 'n');
    for (const std::string tool : {"snnl-analyze", "snnl-inspect", "snnl-report"}) {
      const bool is_inspect = tool == "snnl-inspect";
      Arguments arguments{name};
      if (tool == "snnl-report") arguments.insert(arguments.end(), {"--spec", "specs"});
      const run::Result result = checked(tool, arguments, 2);
      CHECK((is_inspect ? result.out : result.err).find("??no?nennn") != std::string::npos);
      CHECK(checked(tool, {name, "--" + name}, 2).err.find("--??no?nennn") != std::string::npos);
    }
    checked("snnl-check", {name, "--baseline", name}, 2);
    checked("snnl-outliers", {"--train", name, "--calibration", name, "--test", name}, 2);
  }

  TEST_CASE("harmful names: the bar is cut between characters, and in columns" * doctest::skip(!run::has_terminals())) {
    run::Options options;
    options.terminal = true;
    const run::Result result =
        checked("snnl-analyze", {analyze::cli_dump("harmful_names"), "--layers", "\u4e2d*"}, 0, options);
    CHECK(result.err.find("\u4e2d\u4e2d, epoch 0") != std::string::npos);
    CHECK(result.err.find("\u202e") == std::string::npos);
  }

  TEST_CASE("CSV for spreadsheets: no text begins as a formula does, and without the option all are exact") {
    const std::string dump = analyze::cli_dump("harmful_names");
    const auto texts_of = [&](const Arguments& more) {
      const Scratch scratch;
      Arguments arguments{dump,
                          "-q",
                          "--layers",
                          "[=-]*",
                          "--csv",
                          scratch.path("a.csv"),
                          "--similarity-csv",
                          scratch.path("s.csv"),
                          "--per-sample",
                          scratch.path("l.csv")};
      arguments.insert(arguments.end(), more.begin(), more.end());
      CHECK(analyze::run(arguments).status == 0);
      std::vector<std::string> texts;
      for (const char* file : {"a.csv", "s.csv", "l.csv"}) {
        for (const auto& row : analyze::csv_rows(scratch.read(file))) texts.insert(texts.end(), row.begin(), row.end());
      }
      return texts;
    };
    const auto count = [](const std::vector<std::string>& texts, const std::string& text) {
      return std::count(texts.begin(), texts.end(), text);
    };
    const auto exact = texts_of({}), inert = texts_of({"--csv-safe"});
    REQUIRE(exact.size() == inert.size());
    CHECK(count(exact, "=1+1") == 1 + 4 + 40);
    CHECK(count(inert, "'=1+1") == 1 + 4 + 40);
    CHECK(count(inert, "'-2") == 1 + 4 + 40);
    CHECK(count(exact, "@SUM(1)\u202e") > 0);
    CHECK(count(exact, "@SUM(1)\u202e") == count(inert, "'@SUM(1)\u202e"));
    for (const std::string& text : inert) {
      CHECK_MESSAGE((text.empty() || std::string("=+-@\t\r\n").find(text[0]) == std::string::npos), text);
    }
    const Scratch scratch;
    CHECK(run::program("snnl-outliers",
                       {"--train", dump + "@0:20", "--calibration", dump + "@20:30", "--test",
                        dump + "@30:", "--layers", "=*", "-k", "3", "-q", "--csv", scratch.path("o.csv"), "--csv-safe"})
              .status == 0);
    CHECK(analyze::csv_rows(scratch.read("o.csv")).at(1).at(2).rfind("'@SUM", 0) == 0);
  }
}
