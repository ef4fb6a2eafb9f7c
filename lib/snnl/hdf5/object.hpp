#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

/// Why `path` of `file` cannot be reached, as the end of a sentence: "is an external link to ...; ...".
std::string why_unreachable(const Handle& file, const std::string& path);

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

/// Product of `shape` times `element_size` if that can be held in memory. Throws snnl::Error if it cannot.
std::size_t checked_bytes(const std::vector<std::size_t>& shape, std::size_t element_size, const std::string& where);

/// The integer in the attribute `name` of the object at `path`, or nothing if there is no such object or attribute.
/// Throws snnl::Error when the attribute is not a single integer.
std::optional<std::int64_t> integer_attribute(const Handle& file, const std::string& file_name, const std::string& path,
                                              const std::string& name);

/// The strings in the attribute `name`, likewise; a single string is a list of one.
std::optional<std::vector<std::string>> string_attribute(const Handle& file, const std::string& file_name,
                                                         const std::string& path, const std::string& name);

/// Why reading `dataset` failed: a missing filter, or damage. Call right after the failed H5Dread. Throws.
[[noreturn]] void fail_reading(const Dataset& dataset);

/// Throws snnl::Error that `dataset` is damaged, which shows in `reason`; it may be empty.
[[noreturn]] void fail_damaged(const Dataset& dataset, const std::string& reason);

}  // namespace snnl::hdf5
