#pragma once

#include <cstddef>
#include <string>

#include "snnl/analysis/analyse_item.hpp"
#include "snnl/analysis/digest.hpp"
#include "snnl/analysis/sample_losses.hpp"

namespace analyze {

/// The numbers of an item in memory: those that `same(place, digest)` has of the same data, or computed.
template <class Same>
snnl::AnalysedItem numbers_of(snnl::analysis::LoadedItem& item, std::size_t classes,
                              const snnl::EntanglementOptions& options, const snnl::FeatureOptions& features,
                              const Same& same) {
  const std::string data = item.activations ? snnl::analysis::digest(*item.activations) : "";
  const snnl::AnalysedItem* const found = item.activations ? same(item.place, data) : nullptr;
  snnl::AnalysedItem numbers = found ? snnl::analysis::numbers_at(item.place, *found)
                                     : snnl::analysis::analyse_item(item, data, classes, options, features);
  if (!numbers.result) return numbers;
  numbers.dropped = item.activations->dropped;
  numbers.ignored = item.activations->ignored;
  if (found && features.any()) return numbers;  // what was looked at are changed features, which are not here
  numbers.dominance = snnl::analysis::dominance_of(*item.activations, options);
  numbers.sample_ids = snnl::analysis::sample_ids(*item.activations);
  return numbers;
}

}  // namespace analyze
