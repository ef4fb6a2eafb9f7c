#pragma once

#include <string>

namespace snnl::files {

/// Whether there is anything at `path`, links followed. A name too long for a file system names nothing. Throws
/// snnl::Error naming the path where this cannot be told, as in a folder that may not be searched.
bool file_exists(const std::string& path);

}  // namespace snnl::files
