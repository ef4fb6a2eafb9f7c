#pragma once

#include <string>

#include "snnl/files/output_file.hpp"

namespace snnl::files {

/// Writes the bytes of the file at `from` to `to`. Throws snnl::Error naming the one that fails.
void copy_bytes(const std::string& from, OutputFile& to);

}  // namespace snnl::files
