#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace tool {

/// Exit statuses of every tool.
inline constexpr int ok = 0;
inline constexpr int failed = 1;    ///< a gate failed, or some (epoch, layer) could not be analysed
inline constexpr int unusable = 2;  ///< usage or input error

/// --version: prints "snnl-analyze 0.1.0", the libraries and instruction set in use, a line each, and `more`.
void add_version(CLI::App& app, const std::string& more = "");

/// Prints "name: error: message" to stderr, in one printable line of bounded length whatever the message holds.
void print_error(const std::string& name, const std::string& message);

/// Prints "name: message" likewise, of what is no error.
void print_note(const std::string& name, const std::string& message);

/// Has writes fail where a signal would end the program on the spot and leave temporary files: a reader of stdout that
/// is gone, a limit on the size of files.
void tell_failed_writes();

/// Refuses an empty value, which is most often a shell variable that is not set.
CLI::Validator not_empty();

/// Refuses the name of a picture or of data where a page for the browser is written.
CLI::Validator names_page();

/// Parses the command line. Returns the status to exit with where there is nothing left to do: help and version were
/// printed, or a usage error was, in one line. Signals then end the tool as signals.hpp says.
/// `--generate=bash|zsh|fish|man` alone prints the completion for that shell or the manual page, from the options
/// declared.
std::optional<int> parse(CLI::App& app, int argc, char** argv);

}  // namespace tool
