#pragma once

#include <cstddef>
#include <string>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// The analysis for a person: layers down, epochs across, first the entanglement and how it moved, then the optimal
/// temperature in mean distances. At most `columns` epochs are shown, the first and the last among them.
std::string to_table(const Analysis& analysis, std::size_t columns = 8);

}  // namespace snnl::analysis
