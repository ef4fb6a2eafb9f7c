#pragma once

#include <iosfwd>
#include <string>

#include "snnl/analysis/analysis.hpp"

namespace snnl {

/// Writes the analysis as "snnl.analysis/1" (docs/output.md, docs/schema): strict JSON, null where there is no number,
/// two spaces of indentation, a line feed at the end. Depends on the analysis alone, to the last byte. Takes little
/// memory beside the analysis.
void write_json(std::ostream& out, const Analysis& analysis);

/// The same as text.
std::string to_json(const Analysis& analysis);

/// The digest of an item's fields as they are written, and of the classes and options they go with, that an item
/// without error has in its field `checksum`. Where that is another one, the item was damaged or edited.
std::string item_checksum(const Analysis& analysis, const AnalysedItem& item);

}  // namespace snnl
