#pragma once

#include <functional>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"

namespace analyze {

/// `so_far`, whose items are the first ones of the reader's, and of the others those that `find` has numbers of.
inline snnl::Analysis with_rest(snnl::Analysis so_far, const snnl::dump::Reader& reader,
                                const std::function<const snnl::AnalysedItem*(const snnl::dump::Item&)>& find) {
  for (std::size_t k = so_far.items.size(); k < reader.items().size(); ++k) {
    const snnl::dump::Item& item = reader.items()[k];
    const snnl::AnalysedItem* const found = find(item);
    if (!found) continue;
    so_far.items.push_back(*found);
    so_far.items.back().epoch = item.epoch;
    so_far.items.back().layer = item.layer;
  }
  return so_far;
}

}  // namespace analyze
