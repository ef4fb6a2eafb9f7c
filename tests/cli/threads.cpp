// The results do not depend on the number of threads, to the last byte.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

namespace {

void check_threads(const std::string& file, const std::vector<std::string>& more) {
  const Scratch scratch;
  const auto outputs = [&](const std::string& threads) {
    std::vector<std::string> arguments{analyze::testdata(file), "--temperature-curve", "7", "--threads", threads};
    for (const char* output : {"json", "csv", "similarity-csv"}) {
      arguments.insert(arguments.end(), {std::string("--") + output, scratch.path(output)});
    }
    arguments.insert(arguments.end(), {"--per-sample", scratch.path("losses.csv")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    const run::Result result = analyze::run(arguments);
    REQUIRE_MESSAGE(result.status == 0, result.err);
    return result.out + scratch.read("json") + scratch.read("csv") + scratch.read("similarity-csv") +
           scratch.read("losses.csv");
  };
  const std::string one = outputs("1");
  CHECK(one.size() > 100000);
  // CHECK(a == b) would print both.
  CHECK_MESSAGE(outputs("2") == one, file, " with 2 threads");
  CHECK_MESSAGE(outputs("3") == one, file, " with 3 threads");
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("--threads 1, 2, 3: the same bytes of JSON, CSV and table") {
    for (const char* file : {"digits_mlp.h5", "fashion_mnist_cnn.h5"}) {
      check_threads(file, {});
      check_threads(file, {"--precision", "float"});
      check_threads(file, {"--precision", "double"});
      check_threads(file, {"--distance", "cosine"});
    }
  }

  TEST_CASE("a second run gives the same bytes") {
    const std::vector<std::string> arguments{analyze::testdata("digits_mlp.h5"), "--json", "-"};
    CHECK(analyze::run(arguments).out == analyze::run(arguments).out);
  }
}
