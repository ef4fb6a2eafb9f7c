// What a person sees on stdout.

#include <doctest/doctest.h>

#include "snnl/text/number.hpp"
#include "support/analyze.hpp"

using analyze::Json;

TEST_SUITE("cli") {
  // Layout by hand; the numbers are those of testdata/reference_values.json, to three digits (four from 1 on):
  // optimum.entanglement, optimum.temperature / optimum.mean_distance, and the relative change of the former from the
  // first epoch to the last where that exceeds optimum.entanglement_stderr.
  TEST_CASE("the table of the digits dump") {
    const run::Result result = analyze::run({analyze::testdata("digits_mlp.h5")});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(result.out == R"(entanglement at the optimal temperature (nats; chance 2.321; n = 500)
  epoch        0       1       2       4       7      12  trend
  input   0.0929  0.0929  0.0929  0.0929  0.0929  0.0929  steady
  fc1      0.343   0.195   0.152   0.126   0.118   0.109  falls 68 %
  fc2      0.672   0.322   0.180   0.139   0.135   0.116  falls 83 %
  logits   1.076   0.367   0.193   0.144   0.157   0.126  falls 88 %

temperature / mean distance
  epoch        0       1       2       4       7      12
  input   0.0370  0.0370  0.0370  0.0370  0.0370  0.0370
  fc1     0.0385  0.0308  0.0329  0.0371  0.0351  0.0359
  fc2     0.0427  0.0332  0.0315  0.0337  0.0293  0.0353
  logits  0.0454  0.0279  0.0243  0.0289  0.0276  0.0290
)");
  }

  // Made by hand: two clusters 1000 apart have no wrong neighbour, so the entanglement falls to 0 with T; where each
  // sample's nearest neighbour is of the other class it falls as T grows, up to 2^10 mean distances.
  TEST_CASE("the table says where there is no minimum, and that an item is in error") {
    const run::Result low = analyze::run({analyze::cli_dump("separated")});
    CHECK(low.status == 0);
    CHECK(low.out.find("\n  fc     separated\n  separated: every nearest neighbour is of the own class; ") !=
          std::string::npos);
    CHECK(low.out.find("\n  fc     <0.") != std::string::npos);
    CHECK(low.out.find("\n  < the entanglement still falls as T -> 0") != std::string::npos);
    const run::Result high = analyze::run({analyze::cli_dump("repelled")});
    CHECK(high.status == 0);
    CHECK(high.out.find("\n  fc     >1024\n") != std::string::npos);

    const run::Result bad =
        analyze::run({analyze::cli_dump("good_and_bad"), "--layers", "*_good", "--layers", "constant"});
    CHECK(bad.status == 1);
    CHECK(bad.out.find("\n  constant  error  error") != std::string::npos);
    CHECK(bad.out.find("\n  a_good    0.") != std::string::npos);
  }

  TEST_CASE("--details adds the standard errors and the effective neighbours") {
    const run::Result result = analyze::run({analyze::testdata("digits_mlp.h5"), "--details", "--epochs", "0,12"});
    CHECK(result.status == 0);
    const std::string plain = analyze::run({analyze::testdata("digits_mlp.h5"), "--epochs", "0,12"}).out;
    const Json json = analyze::json_of({analyze::testdata("digits_mlp.h5"), "--epochs", "0,12"});
    const std::size_t rest = plain.find("\ntemperature / mean distance");
    CHECK(result.out.starts_with(plain.substr(0, rest)));
    CHECK(result.out.ends_with(plain.substr(rest)));
    const Json& logits = analyze::item(json, 12, "logits");
    const auto told = [&](const std::string& title, double value, int digits) {
      const std::size_t at = result.out.find("\n" + title + "\n");
      REQUIRE(at != std::string::npos);
      const std::size_t row = result.out.find("\n  logits", at);
      return result.out.substr(row, result.out.find('\n', row + 1) - row)
          .ends_with(snnl::text::format_short(value, digits));
    };
    CHECK(told("its standard error by the samples (nats)", logits["entanglement_stderr"], 2));
    CHECK(told("effective neighbours", logits["effective_neighbors"], 3));
  }

  TEST_CASE("names from the file cannot break the table or reach the terminal") {
    const run::Result result = analyze::run({analyze::cli_dump("hostile_names")});
    CHECK(result.status == 0);
    CHECK(result.out.find("\n  a??[31mb  0.") != std::string::npos);
    CHECK(result.out.find('\x1b') == std::string::npos);
  }

  TEST_CASE("with many epochs the table shows some, the first and the last among them, and says so") {
    const run::Result result = analyze::run({analyze::cli_dump("many")});
    CHECK(result.status == 0);
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() > 2);
    CHECK(lines[1] == "  epoch      0      4      8     12     16     20     24     29  trend");
    CHECK(lines.back() == "  8 of 30 epochs shown; --csv and --json hold all");
  }

  TEST_CASE("--quiet prints nothing") {
    for (const char* quiet : {"--quiet", "-q"}) {
      const run::Result result = analyze::run({analyze::testdata("digits_mlp.h5"), quiet});
      CHECK(result.status == 0);
      CHECK(result.out == "");
      CHECK(result.err == "");
    }
    // Errors are no chatter.
    const run::Result bad = analyze::run({analyze::cli_dump("one_sample"), "-q"});
    CHECK(bad.status == 1);
    CHECK(bad.out == "");
    analyze::error_lines(bad);
  }

  TEST_CASE("an output on stdout takes the place of the table") {
    const Scratch scratch;
    const std::string file = analyze::testdata("digits_mlp.h5");
    for (const auto& [option, extension] :
         {std::pair{"--json", "json"}, {"--csv", "csv"}, {"--similarity-csv", "csv"}, {"--per-sample", "csv"}}) {
      const std::string name = std::string("out.") + extension;
      const run::Result to_stdout = analyze::run({file, option, "-"});
      const run::Result to_file = analyze::run({file, option, scratch.path(name), "-q"});
      CHECK(to_stdout.status == 0);
      CHECK(to_stdout.err == "");
      CHECK(to_file.status == 0);
      CHECK_MESSAGE(to_stdout.out == scratch.read(name), "stdout holds something else than the file");
      CHECK(!to_stdout.out.empty());
    }
    CHECK(analyze::refusal({file, "--json", "-", "--csv", "-"}) == "--csv: '-' is also the output of --json");
  }
}
