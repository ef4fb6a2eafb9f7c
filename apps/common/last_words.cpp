#include "common/last_words.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tool {
namespace {

char tool_name[64] = "";

}  // namespace

void set_tool_name(const char* name) noexcept { std::strncpy(tool_name, name, sizeof tool_name - 1); }

void last_words(const char* text) noexcept {
  // Before main has given the name: that of the program, without its folder.
  const char* const name = tool_name[0] != 0 ? tool_name : ::program_invocation_short_name;
  const char* const parts[] = {name, ": error: ", text, "\n"};
  iovec pieces[4];
  for (int k = 0; k < 4; ++k) pieces[k] = {const_cast<char*>(parts[k]), std::strlen(parts[k])};
  if (::writev(STDERR_FILENO, pieces, 4) < 0) return;  // nobody is left to tell
}

}  // namespace tool
