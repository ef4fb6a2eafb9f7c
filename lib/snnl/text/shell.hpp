#pragma once

#include <string>

namespace snnl::text {

/// `word` such that a POSIX shell reads it as one word again; without quotes where none are needed. Control characters
/// are spelled out, so that the result is one line and harmless on a terminal.
std::string shell_quoted(const std::string& word);

/// `word` in '...', in which a POSIX shell looks for nothing.
std::string single_quoted(const std::string& word);

}  // namespace snnl::text
