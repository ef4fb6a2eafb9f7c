#pragma once

#include <iosfwd>
#include <string>

#include "snnl/results/analysis.hpp"

namespace snnl {

/// What becomes of texts that a spreadsheet would run as a formula.
enum class CsvText {
  exact,  ///< nothing: for programs
  inert,  ///< a single quote in front of those that begin with = + - @, a tab or a line end: for spreadsheets
};

/// `text` as one CSV field, quoted as in RFC 4180 where it has to be.
std::string csv_field(const std::string& text, CsvText kind = CsvText::exact);

/// One row an item; columns in docs/output.md. Items in error have empty numbers.
void write_items_csv(std::ostream& out, const Analysis& analysis, CsvText kind = CsvText::exact);

/// epoch,layer,class_a,class_b,similarity: one row a pair of classes of each item that could be analysed.
void write_similarity_csv(std::ostream& out, const Analysis& analysis, CsvText kind = CsvText::exact);

}  // namespace snnl
