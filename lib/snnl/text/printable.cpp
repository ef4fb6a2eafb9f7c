#include "snnl/text/printable.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace snnl::text {
namespace {

struct Character {
  utf8proc_int32_t code;  ///< negative where the byte begins none
  std::size_t bytes;
};

Character first_of(std::string_view text) {
  Character out{-1, 1};
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  // No more than what a character can have: the length is a signed number.
  const auto length = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4));
  const utf8proc_ssize_t used = utf8proc_iterate(bytes, length, &out.code);
  if (used > 0) out.bytes = static_cast<std::size_t>(used);
  return out;
}

bool is_harmless(utf8proc_int32_t code) {
  if (code < 0 || (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF)) return false;
  constexpr utf8proc_int32_t blank_braille = 0x2800;  // a pattern without a dot
  if (code == blank_braille || utf8proc_get_property(code)->ignorable) return false;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

// Of what is not assigned yet, as of broken bytes, it is a guess.
std::size_t width_of(utf8proc_int32_t code) {
  if (code < 0 || utf8proc_category(code) == UTF8PROC_CATEGORY_CN) return 1;
  return static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code)));
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character one = first_of(text);
    if (is_harmless(one.code)) {
      out.append(text.substr(0, one.bytes));
    } else {
      out += '?';
    }
    text.remove_prefix(one.bytes);
  }
  return out;
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character one = first_of(text);
    width += width_of(one.code);
    text.remove_prefix(one.bytes);
  }
  return width;
}

std::string fitting(std::string_view text, std::size_t columns) {
  std::size_t width = 0, bytes = 0;
  while (bytes < text.size()) {
    const Character one = first_of(text.substr(bytes));
    width += width_of(one.code);
    if (width > columns) break;
    bytes += one.bytes;
  }
  return std::string(text.substr(0, bytes));
}

std::string cut_in_the_middle(std::string_view text, std::size_t limit) {
  const std::size_t characters = count_characters(text);
  if (characters <= limit) return std::string(text);
  const std::size_t tail = (limit - 3) / 2, head = limit - 3 - tail;
  std::size_t begin = 0, end = 0, seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!begins_character(text[at])) continue;
    if (seen == head) begin = at;
    if (seen == characters - tail) end = at;
    ++seen;
  }
  return std::string(text.substr(0, begin)).append("...").append(text.substr(end));
}

std::string shown_name(std::string_view name) { return cut_in_the_middle(printable(name), longest_name); }

std::string message_line(std::string_view text) {
  const std::string line = printable(text);
  if (count_characters(line) <= longest_message) return line;
  std::string out;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    out += cut_in_the_middle(std::string_view(line).substr(at, end - at), longest_name);
    if (end < line.size()) out += ' ';
    at = end + 1;
  }
  return cut_in_the_middle(out, longest_message);
}

}  // namespace snnl::text
