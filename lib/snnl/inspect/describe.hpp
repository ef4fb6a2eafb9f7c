#pragma once

#include <optional>
#include <string>

#include "snnl/hdf5/handle.hpp"
#include "snnl/inspect/inspection.hpp"

namespace snnl::inspect {

/// How the dataset at `path` is stored; also where it is not fit for reading. Nothing where there is none. The type of
/// 16-bit integers is that which they are read as.
std::optional<DatasetInfo> describe_dataset(const hdf5::Handle& file, const std::string& path, dump::IntegerBits bits);

}  // namespace snnl::inspect
