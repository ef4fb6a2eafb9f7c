#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// A dataset that can be read: its data are in this file, and it has a shape.
struct Dataset {
  Handle id;
  Handle type;
  std::vector<std::size_t> shape;
  std::string where;     ///< "file:/path", for messages
  bool complete = true;  ///< false where chunks were never written, and so read as zeros
};

/// Throws snnl::Error that `dataset` was written in part only.
[[noreturn]] void fail_incomplete(const Dataset& dataset);

/// Opens the dataset `path` of `file`. Throws snnl::Error if there is none, if it is reached by an external link, or
/// if its data lie in other files (external storage, virtual dataset) or were never written. `file_name` is for
/// messages.
Dataset open_dataset(const Handle& file, const std::string& file_name, const std::string& path);

/// Bytes of one chunk, uncompressed; 0 where `dataset` has none.
std::size_t chunk_bytes(const Dataset& dataset);

/// Extent of the dataset's chunks along `axis`; 1 where it has none.
std::size_t chunk_extent(const Dataset& dataset, std::size_t axis);

/// Product of `shape` times `element_size` if that can be held in memory. Throws snnl::Error if it cannot.
std::size_t checked_bytes(const std::vector<std::size_t>& shape, std::size_t element_size, const std::string& where);

/// Why reading `dataset` failed: a missing filter, or damage. Call right after the failed H5Dread. Throws.
[[noreturn]] void fail_reading(const Dataset& dataset);

/// Throws snnl::Error that `dataset` is damaged, which shows in `reason`; it may be empty.
[[noreturn]] void fail_damaged(const Dataset& dataset, const std::string& reason);

}  // namespace snnl::hdf5
