#pragma once

#include <set>
#include <string>

namespace snnl::inspect {

/// Adds the layouts that `path` may be an example of: each of its names, or a number in one, in turn for {epoch}, and
/// each stretch of the others for {layer}. None where the path is very deep or holds braces.
void add_patterns(const std::string& path, std::set<std::string>& patterns);

}  // namespace snnl::inspect
