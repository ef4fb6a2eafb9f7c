#pragma once

#include <cstddef>
#include <random>
#include <utility>
#include <vector>

namespace snnl::engine {

/// The first `count` <= values.size() steps of a Fisher-Yates shuffle: the first `count` values are drawn without
/// replacement. The distributions of <random> differ between libraries; this does not.
inline void shuffle_first(std::vector<std::size_t>& values, std::size_t count, std::mt19937_64& random) {
  for (std::size_t k = 0; k < count; ++k) std::swap(values[k], values[k + random() % (values.size() - k)]);
}

}  // namespace snnl::engine
