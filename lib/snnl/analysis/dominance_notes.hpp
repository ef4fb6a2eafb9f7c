#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/dominance.hpp"

namespace snnl::analysis {

/// One line, and what to do.
struct DominanceNote {
  std::string kind;  ///< "constant", "features", "samples", "dropped" or "few"
  std::string message, advice;
};

/// What there is to tell of an item whose samples have so many features: that half of them are constant,
/// and that a few features or samples decide the distances.
std::vector<DominanceNote> dominance_notes(const Dominance& dominance, std::size_t features);

/// What there is to tell of so many samples whose features, changed by `options`, are so many: that whitening left out
/// components, and that the samples are too few for it.
std::vector<DominanceNote> changed_notes(const FeatureOptions& options, const ChangedFeatures& changed,
                                         std::size_t samples, std::size_t features);

}  // namespace snnl::analysis
