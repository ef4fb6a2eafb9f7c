#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.hpp"
#include "support/scratch.hpp"

/// snnl-analyze as the command-line tests use it.
namespace analyze {

using Json = nlohmann::json;

/// A file of testdata/, with extension.
std::string testdata(const std::string& name);
/// A dump that tests/make_dumps.py wrote, without extension.
std::string dump(const std::string& name);
/// A dump that tests/make_cli_dumps.py wrote, without extension.
std::string cli_dump(const std::string& name);

run::Result run(const std::vector<std::string>& arguments, const run::Options& options = {});

/// Checks JSON files against a schema of docs/schema; the first complaint of the validator, empty where all is well.
std::string schema_complaint(const std::vector<std::string>& files, const std::string& schema = "snnl.analysis-1");

/// Parses the text of a JSON file. Checks it against the schema, and what a schema cannot say: array lengths, rows
/// that sum to 1, numbers that belong together, items in order.
Json checked(const std::string& text);

/// Runs with `--json -`, expecting `status`, and gives the checked JSON. Nothing else is on stdout.
Json json_of(std::vector<std::string> arguments, int status = 0);

/// The item of that epoch and layer; fails the test where there is none.
const Json& item(const Json& analysis, int epoch, const std::string& layer);

/// Checks that stderr holds `count` lines, each an error of snnl-analyze and nothing of HDF5's own, and gives them
/// without "snnl-analyze: error: ".
std::vector<std::string> error_lines(const run::Result& result, std::size_t count = 1);

/// Checks that the run is refused before any work: status 2, nothing on stdout, one error line, which is given.
std::string refusal(const std::vector<std::string>& arguments, const run::Options& options = {});

/// Rows of a CSV file, cut into fields; quoting as in RFC 4180.
std::vector<std::vector<std::string>> csv_rows(const std::string& text);

}  // namespace analyze
