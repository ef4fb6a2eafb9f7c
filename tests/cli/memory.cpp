// Memory does not grow with the square of the samples.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

#if !defined(SNNL_SANITIZED)  // memory is not its own then
TEST_SUITE("cli-large") {
  TEST_CASE("20,000 samples of 512 features stay under 400 MiB") {
    const Scratch scratch;
    run::Options slow;
    slow.limit = std::chrono::minutes(5);
    const run::Result made = run::program(
        SNNL_PYTHON, {std::string(SNNL_SOURCE_DIR) + "/tests/make_cli_dumps.py", "--large", scratch.path("large.h5")},
        slow);
    REQUIRE_MESSAGE(made.status == 0, made.err);
    const run::Result result =
        analyze::run({scratch.path("large.h5"), "-q", "--json", scratch.path("a.json"), "--threads", "2"}, slow);
    CHECK(result.status == 0);
    CHECK(result.peak_kib < 400 * 1024);
    const analyze::Json analysis = analyze::checked(scratch.read("a.json"));
    CHECK(analysis["items"][0]["samples"] == 20000);
  }
}
#endif
