#include "snnl/text/columns.hpp"

#include <algorithm>

namespace snnl {
namespace {

std::size_t width_of(const std::string& text) {
  // Continuation bytes of UTF-8 take no room.
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                   const std::function<bool(std::size_t column)>& is_left) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string room(widths[c] - width_of(row[c]), ' ');
      line.append("  ").append(is_left(c) ? row[c] + room : room + row[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace snnl
