#include "snnl/text/shell.hpp"

#include <algorithm>
#include <cstring>

#include "snnl/text/printable.hpp"

namespace snnl::text {
namespace {

bool is_plain_ascii(char c) { return c >= 0x20 && c < 0x7f; }

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && std::strchr("_-./,:=+@%", c) != nullptr);
}

std::string octal(char c) {
  const auto value = static_cast<unsigned char>(c);
  std::string text = "\\";
  for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + ((value >> shift) & 7));
  return text;
}

// Loses line ends at the very end of the word, which the shell takes off.
std::string by_printf(const std::string& word) {
  std::string format;
  for (const char c : word) {
    if (c == '%') {
      format += "%%";
    } else if (!is_plain_ascii(c) || c == '\\' || c == '\'') {
      format += octal(c);
    } else {
      format += c;
    }
  }
  return std::string("\"$(printf '").append(format).append("')\"");
}

}  // namespace

std::string shell_quoted(const std::string& word) {
  if (printable(word) != word) return by_printf(word);
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  return single_quoted(word);
}

std::string single_quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text.append(c == '\'' ? "'\\''" : std::string(1, c));
  return text.append("'");
}

}  // namespace snnl::text
