#pragma once

#include "common/progress.hpp"
#include "common/warnings.hpp"
#include "snnl/analysis/item_stream.hpp"
#include "snnl/dump/integer_bits.hpp"
#include "snnl/dump_reader.hpp"

namespace analyze {

/// Tells what may be wrong with an item that can be analysed.
inline void warn(const snnl::analysis::LoadedItem& item, tool::Progress& progress, tool::Warnings& warnings) {
  if (!item.activations || item.activations->looks_like == snnl::dump::IntegerBits::numbers) return;
  progress.clear();
  warnings.tell(snnl::dump::looks_like_bits(item.place.location, item.activations->looks_like));
}

/// Tells what there is to tell of files that could be opened.
inline void tell_remarks(const snnl::dump::Reader& reader, tool::Warnings& warnings) {
  for (const snnl::Error& remark : reader.remarks()) warnings.tell(remark);
  if (reader.one_hot_labels()) warnings.note("labels are one-hot: the class of a sample is the column of its 1");
}

}  // namespace analyze
