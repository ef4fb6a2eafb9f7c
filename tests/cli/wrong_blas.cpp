// What the tools do with a BLAS that is wrong in a shape nobody tried when it was loaded.
#ifdef SNNL_WRONG_BLAS

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/analyze.hpp"

namespace {

/// With products by a BLAS that is wrong in products of `terms` terms.
run::Result with_wrong_blas(const std::string& tool, const std::vector<std::string>& arguments,
                            const std::string& terms) {
  run::Options options;
  options.environment = {{"SNNL_PRODUCTS", "blas"}, {"LD_PRELOAD", SNNL_WRONG_BLAS}, {"SNNL_TEST_WRONG_TERMS", terms}};
  return run::program(tool, arguments, options);
}

/// Ends with 2 and one line that says what to do.
void check_found(const std::string& tool, const run::Result& result) {
  CHECK(result.status == 2);
  CHECK(result.out == "");
  CHECK(result.err.starts_with(tool + ": error: "));
  CHECK(result.err.find("products by ") != std::string::npos);
  CHECK(result.err.ends_with(" are wrong on this processor; let others make them: SNNL_PRODUCTS=packed, or plain\n"));
  CHECK(lines_of(result.err).size() == 1);
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a BLAS that is wrong in one shape of a run ends it with one line, and nothing is written") {
    for (const std::string precision : {"auto", "float", "double"}) {
      for (const std::vector<std::string>& more :
           {std::vector<std::string>{}, {"--temperature", "2"}, {"--neighborhood", "50"}}) {
        CAPTURE(precision);
        CAPTURE(more.size());
        const Scratch scratch;
        std::vector<std::string> arguments = {analyze::testdata("digits_mlp.h5"), "--precision", precision, "--json",
                                              scratch.path("out.json"),           "-q"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const run::Result right = with_wrong_blas("snnl-analyze", arguments, "none");
        CHECK(right.status == 0);
        CHECK(right.err == "");
        REQUIRE(std::filesystem::remove(scratch.path("out.json")));
        check_found("snnl-analyze", with_wrong_blas("snnl-analyze", arguments, "32"));  // fc1
        CHECK(scratch.names() == "");
      }
    }
  }

  TEST_CASE("a BLAS that is wrong in one shape of a search for neighbours ends it with one line") {
    const std::string dump = analyze::testdata("digits_mlp.h5");
    const std::vector<std::string> arguments = {
        "--train",         dump + "@0:300", "--calibration", dump + "@300:400", "--test",
        dump + "@400:500", "--layers",      "fc1",           "--layers",        "fc2"};
    CHECK(with_wrong_blas("snnl-outliers", arguments, "none").status == 0);
    check_found("snnl-outliers", with_wrong_blas("snnl-outliers", arguments, "16"));  // fc2
  }

  TEST_CASE("a BLAS that is wrong in what is tried when it is loaded is refused, and still told by --version") {
    check_found("snnl-analyze", with_wrong_blas("snnl-analyze", {analyze::testdata("digits_mlp.h5")}, "64"));
    const run::Result version = with_wrong_blas("snnl-analyze", {"--version"}, "64");
    CHECK(version.status == 0);
    CHECK(version.out.find("which computes wrongly on this processor: not used") != std::string::npos);
  }
}

#endif
