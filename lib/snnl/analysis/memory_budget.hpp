#pragma once

#include <cstddef>

#include "snnl/dump_reader.hpp"
#include "snnl/features.hpp"
#include "snnl/options.hpp"

namespace snnl::analysis {

/// Shares out a bound on the memory of the process among the items that are in memory.
class MemoryBudget {
 public:
  /// `bytes`: the bound; 0: none.
  MemoryBudget(std::size_t bytes, std::size_t classes, const dump::Reader& reader, const EntanglementOptions& options,
               const FeatureOptions& features);

  /// Whether item `next` may be read while item `now` computes.
  bool room_for_both(const dump::Item& now, const dump::Item& next) const;

  /// What the computation of item `now` may use beside its activations, as EntanglementOptions::memory has it.
  /// `next`, where not null, is in memory as well. Throws snnl::Error where that is too little.
  std::size_t for_computing(const dump::Item& now, const dump::Item* next) const;

 private:
  std::size_t activations(const dump::Item& item) const;
  std::size_t least_for_computing(const dump::Item& item) const;

  std::size_t bytes_, classes_;
  const dump::Reader& reader_;
  const EntanglementOptions& options_;
  FeatureOptions features_;
};

}  // namespace snnl::analysis
