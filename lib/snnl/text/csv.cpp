#include "snnl/text/csv.hpp"

#include <string_view>

namespace snnl::text {

std::string csv_field(const std::string& text, CsvText kind) {
  constexpr std::string_view formula_begins = "=+-@\t\r\n";
  if (kind == CsvText::inert && !text.empty() && formula_begins.find(text[0]) != std::string_view::npos) {
    return csv_field("'" + text);
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace snnl::text
