#pragma once

#include <string>

namespace snnl {

/// `text` in one line, without what would move the cursor or colour the terminal: names come from files.
inline std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

}  // namespace snnl
