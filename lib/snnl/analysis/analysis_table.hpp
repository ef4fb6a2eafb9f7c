#pragma once

#include <cstddef>
#include <string>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// What a table shows.
struct TableOptions {
  /// Most epochs; the first and the last are among them.
  std::size_t columns = 8;
  /// Standard errors and effective neighbours as well.
  bool details = false;
};

/// The analysis for a person: layers down, epochs across, first the entanglement and how it moved, then the optimal
/// temperature in mean distances.
std::string to_table(const Analysis& analysis, const TableOptions& options = {});

}  // namespace snnl::analysis
