#pragma once

#include <iosfwd>
#include <string>

#include "snnl/outliers/outlier_analysis.hpp"
#include "snnl/text/csv.hpp"

namespace snnl::outliers {

/// The analysis as "snnl.outliers/1" (docs/outliers.md, docs/schema): strict JSON, a line feed at the end. Takes little
/// memory beside the analysis.
void write_json(std::ostream& out, const OutlierAnalysis& analysis);

/// One row a sample of the test and outlier sets; columns in docs/outliers.md.
void write_csv(std::ostream& out, const OutlierAnalysis& analysis, text::CsvText kind = text::CsvText::exact);

/// The summary for a person.
std::string to_table(const OutlierAnalysis& analysis);

}  // namespace snnl::outliers
