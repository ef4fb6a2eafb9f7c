#pragma once

#include <cstddef>
#include <functional>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl {

/// One item just analysed: its place, its numbers, and where its samples came from.
struct ItemDone {
  std::size_t index = 0;  ///< in dump::Reader::items()
  const AnalysedItem& item;
  const dump::Activations* activations = nullptr;  ///< null where the item was not, or could not be, read
};

/// What an analysis asks its caller on the way. All are called on the calling thread, at a time when no other thread
/// uses HDF5; what they throw ends the analysis.
struct AnalysisHooks {
  /// After each item; `so_far.items` are the first ones of Reader::items().
  std::function<void(const ItemDone&, const Analysis& so_far)> on_item;
  /// The numbers of an item that need not even be read, or null.
  std::function<const AnalysedItem*(const dump::Item&)> known;
  /// The numbers of an item whose data have this digest, or null.
  std::function<const AnalysedItem*(const dump::Item&, const std::string& digest)> same;
};

/// Analyses every item of a dump, in order, the next one being read while one computes; two items are in memory at a
/// time. `memory`, where not 0, bounds what the process takes, in bytes, results aside: two items are then in memory
/// only where there is room, options.memory is set from it for each item, and an item too large for it fails. An item
/// that cannot be analysed is kept with its message and the others go on.
///
/// Fills `items`, `classes` and `label_path` of the result; the caller sets the rest. Once *options.stop is set, the
/// items that are done are returned.
Analysis analyse_dump(const dump::Reader& reader, const EntanglementOptions& options, std::size_t memory,
                      const AnalysisHooks& hooks = {});

}  // namespace snnl
