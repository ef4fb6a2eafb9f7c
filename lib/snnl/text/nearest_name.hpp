#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace snnl::text {

/// Number of single-character insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, no
/// character being touched twice (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that was most likely meant by `wanted`, or empty. That is the first of the nearest names, where upper and
/// lower case are alike and at most a third of `wanted` (from 1 to 3 edits) is wrong; else the first name that begins
/// with `wanted`, of three characters or more.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

/// "; did you mean 'conv1'?", the end of an error message, where there is a nearest name; else empty. The name
/// is made printable.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace snnl::text
