#pragma once

#include <string>

#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// Opens `name` read-only. Throws snnl::Error, which tells apart: no such file, directory, not a regular file, no
/// permission, empty, not HDF5, truncated, still open by a writer, locked, damaged.
Handle open_file(const std::string& name, bool lock = true);

}  // namespace snnl::hdf5
