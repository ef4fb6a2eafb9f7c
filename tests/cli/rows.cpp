// --rows, --seed and --memory.

#include <doctest/doctest.h>

#include <cmath>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

const std::vector<std::string> only_digits = {analyze::testdata("digits_mlp.h5")};

std::vector<std::string> with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), only_digits.begin(), only_digits.end());
  return arguments;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("--rows: estimates near the exact numbers, the same for a seed, other rows for another") {
    const Json exact = analyze::json_of(with({}));
    const Json estimate = analyze::json_of(with({"--rows", "400", "--seed", "5"}));
    CHECK(estimate["options"]["rows"] == 400);
    CHECK(estimate["options"]["seed"] == 5);
    CHECK(exact["options"]["rows"].is_null());
    for (std::size_t k = 0; k < exact["items"].size(); ++k) {
      const Json &a = exact["items"][k], &b = estimate["items"][k];
      CHECK(a["queries"] == a["samples"]);
      CHECK(b["queries"] == 400);
      const double error = b["entanglement_stderr"];
      CHECK(error > 0);
      CHECK(std::abs(a["entanglement"].get<double>() - b["entanglement"].get<double>()) < 5 * error);
      CHECK(a["chance"] == b["chance"]);
      CHECK(a["mean_distance"] == b["mean_distance"]);
    }
    CHECK(analyze::json_of(with({"--rows", "400", "--seed", "5", "--threads", "1"}))["items"] == estimate["items"]);
    CHECK(analyze::json_of(with({"--rows", "400", "--seed", "6"}))["items"] != estimate["items"]);
    Json all = analyze::json_of(with({"--rows", "100000"}))["items"], same = exact["items"];
    for (Json& item : all) item.erase("checksum");  // over the options, too
    for (Json& item : same) item.erase("checksum");
    CHECK(all == same);
    const run::Result table = analyze::run(with({"--rows", "400"}));
    CHECK(table.out.find("estimated from 400 rows") != std::string::npos);
  }

  TEST_CASE("--rows: too few for two of each class is an error of the item") {
    const run::Result result = analyze::run(with({"--rows", "19", "--quiet"}));
    CHECK(result.status == 1);
    CHECK(result.err.find("19 query rows are too few for two of each class; at least 20 are needed") !=
          std::string::npos);
  }

  TEST_CASE("--rows, --seed, --memory: what is not a number is refused") {
    for (const auto& wrong : std::vector<std::vector<std::string>>{
             {"--rows", "-5"}, {"--rows", "many"}, {"--seed", "-1"}, {"--memory", "lots"}, {"--memory", "-1"}}) {
      CAPTURE(wrong[0]);
      CHECK(analyze::refusal(with(wrong)).find(wrong[0]) != std::string::npos);
    }
  }

  TEST_CASE("--memory changes no number, and an item that does not fit is refused with what it needs") {
    const Json free = analyze::json_of(with({}));
    for (const char* size : {"200MiB", "1GiB"}) {
      CHECK(analyze::json_of(with({"--memory", size, "--threads", "2"}))["items"] == free["items"]);
    }
    const run::Result result = analyze::run(with({"--memory", "20MiB", "--quiet", "--threads", "2"}));
    CHECK(result.status == 1);
    // One reason for each size: input, and all others, to the MiB; the first item of each, and how many more.
    std::size_t told = 0;
    for (const std::string& line : analyze::error_lines(result, 4)) {
      const std::string more = "the same of ";
      const std::size_t place = line.find(more);
      told += place == std::string::npos ? 1 : std::stoul(line.substr(place + more.size()));
      if (place == std::string::npos)
        CHECK(line.find(" of memory, but --memory allows 20 MiB; allow more, or take fewer samples with --rows") !=
              std::string::npos);
    }
    CHECK(told == free["items"].size());
  }
}

#if !defined(SNNL_SANITIZED)  // memory is not its own then
TEST_SUITE("cli-large") {
  TEST_CASE("--memory is kept to") {
    const Scratch scratch;
    run::Options slow;
    slow.limit = std::chrono::minutes(5);
    const run::Result made = run::program(
        SNNL_PYTHON,
        {std::string(SNNL_SOURCE_DIR) + "/tests/make_cli_dumps.py", "--separated", scratch.path("separated.h5")}, slow);
    REQUIRE_MESSAGE(made.status == 0, made.err);
    for (const std::size_t bound : {165u, 300u}) {
      CAPTURE(bound);
      const run::Result result = analyze::run({scratch.path("separated.h5"), "-q", "--threads", "2", "--memory",
                                               std::to_string(bound).append("MiB"), "--json", scratch.path("a.json")},
                                              slow);
      CHECK(result.status == 0);
      CHECK(result.peak_kib < bound * 1024);
    }
  }
}
#endif
