#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/dominance.hpp"

namespace snnl::analysis {

/// One line, and what to do.
struct DominanceNote {
  std::string kind;  ///< "constant", "features" or "samples"
  std::string message, advice;
};

/// What there is to tell of an item whose samples have so many features: that half of them are constant,
/// and that a few features or samples decide the distances.
std::vector<DominanceNote> dominance_notes(const Dominance& dominance, std::size_t features);

}  // namespace snnl::analysis
