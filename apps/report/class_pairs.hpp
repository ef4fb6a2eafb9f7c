#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::report {

/// How alike two classes are in one layer, over the epochs: (M[a][b] + M[b][a]) / 2 of the class similarity M.
struct ClassPair {
  std::size_t a, b;
  std::vector<double> similarity;  ///< [items of the layer], NaN where either class does not occur
};

struct LayerPairs {
  std::string layer;
  std::vector<std::int64_t> epochs;  ///< of the items of the layer that could be analysed, ascending
  std::vector<ClassPair> least_separated, most_separated;  ///< at the last of these epochs, the extreme ones first
};

/// That the report shows.
inline constexpr std::size_t pairs_of_each_kind = 6;

/// At most `count` pairs of each kind for each layer; no pair is of both kinds.
std::vector<LayerPairs> class_pairs(const Analysis& analysis, std::size_t count);

}  // namespace snnl::report
