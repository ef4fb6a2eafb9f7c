#pragma once

#include <string>

namespace snnl::text {

/// What becomes of texts that a spreadsheet would run as a formula.
enum class CsvText {
  exact,  ///< nothing: for programs
  inert,  ///< a single quote in front of those that begin with = + - @, a tab or a line end: for spreadsheets
};

/// `text` as one CSV field, quoted as in RFC 4180 where it has to be.
std::string csv_field(const std::string& text, CsvText kind = CsvText::exact);

}  // namespace snnl::text
