#include "snnl/text/columns.hpp"

#include <algorithm>

#include "snnl/text/printable.hpp"

namespace snnl::text {
namespace {

struct Cell {
  std::string text;
  std::size_t width;
};

std::vector<Cell> cells_of(const std::vector<std::string>& row) {
  std::vector<Cell> out;
  for (const std::string& text : row) {
    const bool is_last = out.size() + 1 == row.size();
    std::string shown = cut_in_the_middle(text, is_last ? longest_message : longest_name);
    const std::size_t width = shown_width(shown);
    out.push_back({std::move(shown), width});
  }
  return out;
}

}  // namespace

void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                   const std::function<bool(std::size_t column)>& is_left) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<Cell>> table;
  for (const auto& row : rows) {
    const auto& cells = table.emplace_back(cells_of(row));
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t c = 0; c < cells.size(); ++c) widths[c] = std::max(widths[c], cells[c].width);
  }
  for (const auto& row : table) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool is_last = c + 1 == row.size();
      const std::string room(is_last && is_left(c) ? 0 : widths[c] - row[c].width, ' ');
      line.append("  ").append(is_left(c) ? row[c].text + room : room + row[c].text);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace snnl::text
