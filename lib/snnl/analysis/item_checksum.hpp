#pragma once

#include <string>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// The digest of an item's fields as they are written, and of the classes and options they go with, that an item
/// without error has in its field `checksum`. Where that is another one, the item was damaged or edited.
std::string item_checksum(const Analysis& analysis, const AnalysedItem& item);

}  // namespace snnl::analysis
