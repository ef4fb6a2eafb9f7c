#pragma once

#include <string>

namespace snnl::files {

/// All bytes of a file or pipe. Throws snnl::Error naming the file where there is none, it is a directory or a device,
/// or it cannot be read.
std::string read_file_bytes(const std::string& file);

}  // namespace snnl::files
