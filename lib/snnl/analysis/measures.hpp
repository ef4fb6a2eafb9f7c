#pragma once

#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// A number that says how entangled an item is. This is the one place that names it: JSON, CSV and the metrics of
/// snnl-check follow.
struct Measure {
  /// What a file may hold.
  enum class Range {
    any,           ///< a number
    not_negative,  ///< a number >= 0
    may_be_null,   ///< a number, or null for NaN
  };

  const char* name;  ///< of its field and column
  double Entanglement::*value;
  Range range;
};

/// In the order of docs/output.md.
const std::vector<Measure>& measures();

}  // namespace snnl::analysis
