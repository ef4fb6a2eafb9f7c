#include "support/inspect.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "support/scratch.hpp"

namespace inspect {

run::Result run(const std::vector<std::string>& arguments, const run::Options& options) {
  return run::program("snnl-inspect", arguments, options);
}

Json json_of(std::vector<std::string> arguments, int status) {
  arguments.insert(arguments.end(), {"--json", "-"});
  const run::Result result = run(arguments);
  REQUIRE_MESSAGE(result.status == status, result.err, result.out);
  const Scratch scratch;
  scratch.write("inspect.json", result.out);
  const run::Result check =
      run::program(SNNL_PYTHON, {std::string(SNNL_SOURCE_DIR) + "/tests/validate_json.py",
                                 std::string(SNNL_SOURCE_DIR) + "/docs/schema/snnl.inspect-1.schema.json",
                                 scratch.path("inspect.json")});
  CHECK_MESSAGE(check.out == "", check.out);
  CHECK_MESSAGE(check.status == 0, check.err);
  return Json::parse(result.out);
}

std::vector<std::string> findings_of(const Json& inspection) {
  std::vector<std::string> lines;
  for (const Json& finding : inspection["findings"]) {
    std::string line = finding["severity"];
    if (!finding["path"].is_null()) line.append(" ").append(finding["path"].get<std::string>());
    lines.push_back(line.append(": ").append(finding["message"].get<std::string>()));
  }
  return lines;
}

bool has_finding(const Json& inspection, const std::string& severity, const std::string& path,
                 const std::string& what) {
  for (const Json& finding : inspection["findings"]) {
    const std::string found = finding["path"].is_null() ? "" : finding["path"].get<std::string>();
    std::string text = finding["message"];
    if (!finding["advice"].is_null()) text.append("; ").append(finding["advice"].get<std::string>());
    if (finding["severity"] == severity && found == path && text.find(what) != std::string::npos) return true;
  }
  return false;
}

run::Result paste(const std::string& command_line, const std::string& more, const run::Options& options) {
  run::Options with_path = options;
  const char* path = std::getenv("PATH");
  with_path.environment.emplace_back("PATH", std::string(SNNL_BIN_DIR) + ":" + (path ? path : "/bin:/usr/bin"));
  return run::program("/bin/sh", {"-c", command_line + " " + more}, with_path);
}

}  // namespace inspect
