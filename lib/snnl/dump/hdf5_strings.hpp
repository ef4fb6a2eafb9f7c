#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snnl/dump/hdf5_handle.hpp"

namespace snnl::dump::hdf5 {

/// Reads `count` strings of the stored `type` (fixed or variable length). `read` fills a buffer with elements of a
/// memory type (H5Dread, H5Aread). Padding is taken off. Throws snnl::Error when `read` fails.
std::vector<std::string> read_strings(const Handle& type, std::size_t count, const std::string& where,
                                      const std::function<herr_t(hid_t memory_type, void* buffer)>& read);

}  // namespace snnl::dump::hdf5
