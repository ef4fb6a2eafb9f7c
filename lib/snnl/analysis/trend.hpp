#pragma once

#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// How the entanglement of a layer goes over its epochs.
enum class Trend {
  steady,  ///< no epoch is more than three standard errors from the mean of all
  falls,  ///< the slope over all epochs is below 0 by more than three standard errors, and the last is below the first,
          ///< by at least half of what lies between the highest and the lowest
  rises,  ///< the same upwards
  varies,  ///< neither: it goes one way and back
};

/// Of the items of one layer that have results, by epoch; at least two. Standard errors are by pairs: of the deviations
/// of each sample's losses from their mean over the epochs, and of each sample's least-squares slope. Where losses were
/// not kept or the samples are not the same, first and last are compared by the largest standard error.
Trend trend_of(const std::vector<const AnalysedItem*>& items);

}  // namespace snnl::analysis
