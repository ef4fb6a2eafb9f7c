#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// The integer in the attribute `name` of the object at `path`, or nothing if there is no such object or attribute.
/// Throws snnl::Error when the attribute is not a single integer.
std::optional<std::int64_t> integer_attribute(const Handle& file, const std::string& file_name, const std::string& path,
                                              const std::string& name);

/// The strings in the attribute `name`, likewise; a single string is a list of one.
std::optional<std::vector<std::string>> string_attribute(const Handle& file, const std::string& file_name,
                                                         const std::string& path, const std::string& name);

}  // namespace snnl::hdf5
