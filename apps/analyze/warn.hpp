#pragma once

#include "common/progress.hpp"
#include "common/warnings.hpp"
#include "snnl/analysis/item_stream.hpp"
#include "snnl/dump/integer_bits.hpp"

namespace analyze {

/// Tells what may be wrong with an item that can be analysed.
inline void warn(const snnl::analysis::LoadedItem& item, tool::Progress& progress, tool::Warnings& warnings) {
  if (!item.activations || item.activations->looks_like == snnl::dump::IntegerBits::numbers) return;
  progress.clear();
  warnings.tell(snnl::dump::looks_like_bits(item.place.location, item.activations->looks_like));
}

}  // namespace analyze
