#pragma once

#include <string>
#include <vector>

/// The project's tools, and the programs that look at what they generate.
namespace shell {

/// All tools of the project.
std::vector<std::string> tools(const std::string& names);

/// Absolute path of a program on the PATH, empty where it is not installed.
std::string find(const std::string& program);

/// What the tool prints for `--generate=KIND`; fails the test when it cannot.
std::string generated(const std::string& tool, const std::string& kind);

/// The long options that --help of the tool shows, "--json".
std::vector<std::string> long_options(const std::string& tool);

}  // namespace shell
