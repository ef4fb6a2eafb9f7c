#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.hpp"

/// snnl-inspect as the command-line tests use it.
namespace inspect {

using Json = nlohmann::json;

run::Result run(const std::vector<std::string>& arguments, const run::Options& options = {});

/// Runs with `--json -`, expecting `status`, checks the JSON against its schema and gives it.
Json json_of(std::vector<std::string> arguments, int status);

/// "error /epochs/0000/fc: message", one for each finding, in order; a finding on a file has no path.
std::vector<std::string> findings_of(const Json& inspection);

/// Whether a finding of that severity and path has a message or advice with `what` in it.
bool has_finding(const Json& inspection, const std::string& severity, const std::string& path, const std::string& what);

/// Runs a command line that was printed in a POSIX shell, with the built tools on the PATH and `more` after it.
run::Result paste(const std::string& command_line, const std::string& more, const run::Options& options = {});

}  // namespace inspect
