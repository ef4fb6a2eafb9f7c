// Numbers on the command line: what is taken, and one clear line for what is not.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/analyze.hpp"
#include "support/refusal.hpp"

TEST_SUITE("cli") {
  TEST_CASE("numbers that an option does not take are refused in one short line") {
    struct Case {
      std::string option, value, message;
    };
    const std::string large = "99999999999999999999";
    for (const Case& c : std::vector<Case>{
             {"--seed", "-1", "'-1' is not a whole number of at least 0, below 2^64"},
             {"--seed", large, "'" + large + "' is not a whole number of at least 0, below 2^64"},
             {"--rows", large, "'" + large + "' is not a whole number of at least 0, below 2^64"},
             {"--rows", "x", "'x' is not a whole number of at least 0, below 2^64"},
             {"--neighborhood", "5.5", "'5.5' is not a whole number of at least 0, below 2^64"},
             {"--threads", "x", "'x' is not a whole number from 0 to 1024"},
             {"--threads", "1025", "'1025' is not a whole number from 0 to 1024"},
             {"--temperature-curve", "5000", "'5000' is not a whole number from 0 to 4096"},
             {"--memory", "1XB", "'1XB' is not a size, such as 500MB or 2GiB"},
             {"--memory", "-1GB", "'-1GB' is not a size, such as 500MB or 2GiB"},
             {"--memory", "GB", "'GB' is not a size, such as 500MB or 2GiB"},
             {"--memory", "1.2.3GB", "'1.2.3GB' is not a size, such as 500MB or 2GiB"},
             {"--memory", "99EiB", "'99EiB' is not a size, such as 500MB or 2GiB"},
         }) {
      CHECK(analyze::refusal({analyze::testdata("digits_mlp.h5"), c.option, c.value}) ==
            c.option + ": " + c.message + "; see snnl-analyze --help");
    }
  }

  TEST_CASE("sizes are taken with the units that people write") {
    const std::vector<std::string> base{analyze::testdata("digits_mlp.h5"), "--layers", "logits", "--epochs", "0"};
    const auto said = [&](const std::string& size) {
      std::vector<std::string> arguments = base;
      arguments.insert(arguments.end(), {"--memory", size});
      const run::Result result = analyze::run(arguments);
      return result.status == 0 ? "" : result.err.substr(result.err.find("allows"));
    };
    for (const std::string size : {"4GiB", "4gib", "4 GiB", "4Gi", "4.5GB", "4g", "4000000000", "4000000000b", "0"}) {
      CAPTURE(size);
      CHECK(said(size) == "");
    }
    for (const std::string size : {"2MiB", "2mi", "2048KiB", "2097152", "2097.152kB"}) {
      CAPTURE(size);
      CHECK(said(size).starts_with("allows 2 MiB"));
    }
  }

  TEST_CASE("items that fail for one reason are told of in two lines") {
    const std::string dump = analyze::testdata("digits_mlp.h5");
    const run::Result result = analyze::run({dump, "--layers", "logits", "--memory", "1MiB", "--quiet"});
    CHECK(result.status == 1);
    const std::vector<std::string> lines = analyze::error_lines(result, 2);
    const std::string first = dump + ":/epochs/0000/logits: ";
    CHECK(lines[0].starts_with(first + "needs "));
    CHECK(lines[1] == first + "the same of 5 more: " + dump + ":/epochs/0001/logits, " + dump +
                          ":/epochs/0002/logits, " + dump + ":/epochs/0004/logits and 2 more");
  }
}
