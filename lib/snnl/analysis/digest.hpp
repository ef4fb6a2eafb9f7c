#pragma once

#include <string>

#include "snnl/dump_reader.hpp"

namespace snnl::analysis {

/// 128 bits in hexadecimal (XXH3) of what an item's numbers are computed from: the values as read, their shape, and the
/// labels. Equal data have equal digests, however they are stored.
std::string digest(const dump::Activations& activations);

}  // namespace snnl::analysis
