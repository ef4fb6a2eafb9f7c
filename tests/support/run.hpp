#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// Runs the built programs as a user does, without a shell in between.
namespace run {

struct Options {
  /// Set in the program's environment, over that of the test; an empty value takes the variable out.
  std::vector<std::pair<std::string, std::string>> environment;
  std::filesystem::path folder;           ///< working directory; empty: that of the test
  std::filesystem::path standard_output;  ///< a file or device for stdout; empty: Result::out
  bool terminal = false;                  ///< whether stderr is a terminal, 80 columns wide
  /// Whether file permissions bind root, too; nothing changes for others.
  bool unprivileged = false;
  /// A program that takes longer is killed and the test fails.
  std::chrono::milliseconds limit = std::chrono::seconds(60);
};

struct Result {
  int status = -1;  ///< exit status; 128 + signal where a signal ended it
  std::string out;
  std::string err;
  std::size_t peak_kib = 0;  ///< largest resident set
};

/// Runs `program` with `arguments` and waits for its end; stdin is empty. A name without a slash is one of the
/// project's programs. Throws std::runtime_error when it cannot be started or exceeds its limit.
Result program(const std::string& program, const std::vector<std::string>& arguments, const Options& options = {});

/// Whether this system can make a pseudo-terminal: a bare chroot without /dev/pts cannot.
bool has_terminals();

}  // namespace run
