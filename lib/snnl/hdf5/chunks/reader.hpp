#pragma once

#include <cstddef>

#include "snnl/hdf5/box.hpp"
#include "snnl/hdf5/dataset.hpp"

namespace snnl::hdf5 {

/// Reads the box of a gzip dataset, elements as they are stored, row-major, into `out`. HDF5, which is called on this
/// thread only, gives the stored chunks; they are decompressed on up to `threads` threads. What is read does not depend
/// on `threads`.
///
/// Returns false where that is not possible and HDF5 itself has to read the dataset, and then `out` is undefined.
/// Throws snnl::Error where the data are damaged.
bool read_gzip_chunks(const hdf5::Dataset& dataset, const Box& box, std::size_t threads, unsigned char* out);

/// Most memory that reading `dataset` this way takes beside `out`; 0 where HDF5 itself will read it.
std::size_t gzip_memory(const hdf5::Dataset& dataset, std::size_t threads);

}  // namespace snnl::hdf5
