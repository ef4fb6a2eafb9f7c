#include "support/check.hpp"

#include <doctest/doctest.h>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace check {

run::Result run(const std::vector<std::string>& arguments, const run::Options& options) {
  return run::program("snnl-check", arguments, options);
}

Json json_of(std::vector<std::string> arguments, int status) {
  arguments.insert(arguments.end(), {"--json", "-"});
  const run::Result result = run(arguments);
  REQUIRE_MESSAGE(result.status == status, result.err, result.out);
  const Scratch scratch;
  scratch.write("check.json", result.out);
  const run::Result validated =
      run::program(SNNL_PYTHON, {std::string(SNNL_SOURCE_DIR) + "/tests/validate_json.py",
                                 std::string(SNNL_SOURCE_DIR) + "/docs/schema/snnl.check-1.schema.json",
                                 scratch.path("check.json")});
  CHECK_MESSAGE(validated.out == "", validated.out);
  CHECK_MESSAGE(validated.status == 0, validated.err);
  return Json::parse(result.out);
}

std::string refusal(const std::vector<std::string>& arguments, const run::Options& options) {
  const run::Result result = run(arguments, options);
  CHECK(result.out == "");
  return refusal_line("snnl-check", result);
}

}  // namespace check
