#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.hpp"

/// snnl-check as the command-line tests use it.
namespace check {

using Json = nlohmann::json;

run::Result run(const std::vector<std::string>& arguments, const run::Options& options = {});

/// Runs with `--json -`, expecting `status`, checks the JSON against its schema and gives it.
Json json_of(std::vector<std::string> arguments, int status);

/// Checks that the run ends with status 2, nothing on stdout and one error line, which is given without
/// "snnl-check: error: ".
std::string refusal(const std::vector<std::string>& arguments, const run::Options& options = {});

}  // namespace check
