#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tool {

/// Completion of the command line for bash 4 or later, to be sourced or put into bash-completion's folder. Needs
/// nothing of the package bash-completion.
std::string bash_completion(CLI::App& app);

/// The same for zsh: a file _NAME for a folder of $fpath.
std::string zsh_completion(CLI::App& app);

/// The same for fish: a file NAME.fish.
std::string fish_completion(CLI::App& app);

}  // namespace tool
