#pragma once

#include <string>
#include <vector>

#include "snnl/dump/activations.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl::dump {

/// Opens `files` as Reader does, in this process; values are read into what `memory` gives.
ReaderSource open_files(const std::vector<std::string>& files, const Options& options, const Memory& memory);

}  // namespace snnl::dump
