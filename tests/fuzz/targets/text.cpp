#include <sstream>

#include "fuzz/targets.hpp"
#include "snnl/text/columns.hpp"
#include "snnl/text/csv.hpp"
#include "snnl/text/printable.hpp"
#include "snnl/text/shell.hpp"

namespace fuzz {

void text(std::string_view bytes) {
  using namespace snnl;
  const std::string name(bytes), shown = text::printable(name);
  require(text::printable(shown) == shown, "what is printable is not");
  for (const char c : shown)
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a control character is shown");
  for (const std::size_t limit : {5u, 20u, 200u}) {
    const std::string cut = text::cut_in_the_middle(shown, limit);
    require(text::printable(cut) == cut && cut.size() <= 4 * limit, "a cut is not clean");
    require(text::shown_width(text::fitting(shown, limit)) <= limit, "a text does not fit");
  }
  require(text::message_line(name).size() <= 4 * text::longest_message, "a message is too long");
  std::ostringstream out;
  text::print_columns(out, {{shown, "x"}, {"y", shown}}, [](std::size_t column) { return column == 0; });
  const std::string cell = text::csv_field(name, text::CsvText::inert);
  require(cell.empty() || std::string_view("=+-@\t\r\n").find(cell[cell[0] == '"' && cell.size() > 1 ? 1 : 0]) ==
                              std::string_view::npos,
          "a cell is a formula");
  if (name.find('\0') == std::string::npos) {
    const std::string quoted = text::shell_quoted(name);
    require(text::printable(quoted) == quoted, "a command is not harmless");
  }
}

}  // namespace fuzz
