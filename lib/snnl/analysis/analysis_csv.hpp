#pragma once

#include <iosfwd>

#include "snnl/analysis.hpp"
#include "snnl/text/csv.hpp"

namespace snnl::analysis {

/// One row an item; columns in docs/output.md. Items in error have empty numbers.
void write_items_csv(std::ostream& out, const Analysis& analysis, text::CsvText kind = text::CsvText::exact);

/// epoch,layer,class_a,class_b,similarity: one row a pair of classes of each item that could be analysed.
void write_similarity_csv(std::ostream& out, const Analysis& analysis, text::CsvText kind = text::CsvText::exact);

}  // namespace snnl::analysis
