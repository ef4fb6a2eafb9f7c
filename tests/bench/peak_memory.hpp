#pragma once

#include <cstddef>

namespace bench {

/// Largest resident set of this process so far, in KiB; 0 where the system does not tell.
std::size_t peak_kib();

}  // namespace bench
