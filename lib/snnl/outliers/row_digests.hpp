#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "snnl/outliers/sample_set.hpp"

namespace snnl::outliers {

/// 64 bits (XXH3) of each row of a set of samples over all layers that were added: rows that are equal in all of them
/// have equal ones.
class RowDigests {
 public:
  /// Adds a layer, of as many rows as those before.
  void add(const SampleSet::Layer& layer);
  /// The first row of this set that equals one of `other`, and the first that it equals there.
  std::optional<std::pair<std::size_t, std::size_t>> first_shared(const RowDigests& other) const;

 private:
  std::vector<std::uint64_t> digests_;
};

}  // namespace snnl::outliers
