#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tool {

/// What is wrong with a command line that `app` could not parse, in one line, with the option or value that was most
/// likely meant, or where to read on.
std::string usage_error(CLI::App& app, const CLI::ParseError& error);

}  // namespace tool
