#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// Fills a buffer with the elements [first, first + count), as a memory type (H5Dread, H5Aread).
using ReadElements = std::function<herr_t(std::size_t first, std::size_t count, hid_t memory_type, void* buffer)>;

/// A string takes about so much, as HDF5 makes it and as it is kept, its characters aside.
inline constexpr std::size_t memory_of_string = 256;

/// Reads `count` strings of the stored `type` (fixed or variable length), at most `at_once` (>= 1) at a time. Padding
/// is taken off. Throws snnl::Error when `read` fails.
std::vector<std::string> read_strings(const Handle& type, std::size_t count, std::size_t at_once,
                                      const std::string& where, const ReadElements& read);

}  // namespace snnl::hdf5
