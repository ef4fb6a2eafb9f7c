#pragma once

namespace tool {

/// Whose words they are; at most 63 bytes are kept.
void set_tool_name(const char* name) noexcept;

/// Prints "name: error: text" to stderr. Neither locks nor allocates: for signal handlers, and where memory ran out.
void last_words(const char* text) noexcept;

}  // namespace tool
