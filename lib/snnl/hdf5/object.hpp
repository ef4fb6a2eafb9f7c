#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "snnl/error.hpp"
#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// Link access that fails at external links: what is read comes from the file that was named.
Handle no_external_links();

enum class ObjectKind { none, group, dataset, other };

/// What a path leads to, and which object it is (the same object may have several names).
struct ObjectInfo {
  ObjectKind kind = ObjectKind::none;  ///< none: nothing there, or it cannot be reached within this file
  std::array<std::uint8_t, 16> identity{};
};

/// Looks at `path` below `parent` (a file or group). Does not throw.
ObjectInfo object_info(const Handle& parent, const std::string& path);

/// Why `path` of `file` cannot be reached, as an error without a place: "is an external link to ...".
Error why_unreachable(const Handle& file, const std::string& path);

/// Size of the file that holds an object, in bytes; 0 where it cannot be told.
double file_bytes(const Handle& object);

}  // namespace snnl::hdf5
