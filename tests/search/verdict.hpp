#pragma once

#include <string>

#include "search/families.hpp"
#include "snnl/entanglement.hpp"

namespace search {

/// What the search said of a recipe, held against a dense scan of the definition.
struct Verdict {
  snnl::TemperatureStatus status = snnl::TemperatureStatus::fixed;
  std::size_t passes = 0;
  double value = 0, temperature = 0;  ///< relative to the mean distance
  double scanned = 0, scanned_at = 0;
  double excess = 0;    ///< how much the true loss at that temperature is above the least of the scan, in max(1, l)
  double error = 0;     ///< of the value, in max(1, l)
  std::string failure;  ///< empty: none
};

/// With these options, but for the distance, which is the recipe's. Throws snnl::Error where the library refuses the
/// data.
Verdict judge(const Recipe& recipe, snnl::EntanglementOptions options = {});

}  // namespace search
