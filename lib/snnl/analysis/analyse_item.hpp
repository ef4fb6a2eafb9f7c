#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "snnl/analysis.hpp"
#include "snnl/analysis/item_stream.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl::analysis {

/// An analysis of `reader`'s items that has none yet: its classes and the path of its labels. The caller sets `inputs`
/// and `options`.
Analysis begin_analysis(const dump::Reader& reader);

/// Changes the features of an item in memory, as `options` fitted to its samples say. Nothing where they say nothing.
/// Throws what fit_features throws; the item is as it was then.
std::optional<ChangedFeatures> change_features(dump::Activations& activations, const FeatureOptions& options,
                                               std::size_t threads);

/// The numbers of an item that is in memory, or why there are none. `digest` is that of its data, `classes` the number
/// of classes of the dump, of which each has its place in the numbers; `features` changes the item first. Throws
/// snnl::Stopped once *options.stop is set.
AnalysedItem analyse_item(LoadedItem& item, const std::string& digest, std::size_t classes,
                          const EntanglementOptions& options, const FeatureOptions& features);

/// Which features and rows of the dataset decide the distances of an item in memory.
Dominance dominance_of(const dump::Activations& activations, const EntanglementOptions& options);

/// Numbers that were made of the same data, which may have come as another epoch, for the item at `place`.
AnalysedItem numbers_at(const dump::Item& place, const AnalysedItem& numbers);

}  // namespace snnl::analysis
