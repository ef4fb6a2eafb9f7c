// Memory does not grow with the square of the samples.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SNNL_MEMORY_IS_NOT_ITS_OWN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SNNL_MEMORY_IS_NOT_ITS_OWN
#endif
#endif

TEST_SUITE("cli-large") {
#if !defined(SNNL_MEMORY_IS_NOT_ITS_OWN)
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
#endif
}
