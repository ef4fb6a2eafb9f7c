#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "snnl/hdf5/chunks/filters.hpp"
#include "snnl/hdf5/dataset.hpp"

namespace snnl::hdf5 {

/// How a dataset is cut into chunks and how these are stored.
struct ChunkLayout {
  std::vector<std::size_t> shape;  ///< of a chunk, in elements
  std::size_t element_size = 0;    ///< stored
  std::size_t bytes = 0;           ///< of a chunk, before filters
  std::vector<FilterStep> filters;
};

/// The layout of `dataset` where all that is known of it can be undone without HDF5: chunks of moderate size,
/// compressed by gzip, perhaps shuffled, perhaps with a checksum. Nothing for any other.
std::optional<ChunkLayout> gzip_layout(const hdf5::Dataset& dataset);

}  // namespace snnl::hdf5
