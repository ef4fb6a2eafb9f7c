#pragma once

#include <cstddef>

namespace snnl::parallel {

/// Throws snnl::Error where the system does not give `threads` threads at once, this one among them. For libraries that
/// start threads of their own and end the process where they cannot; ours do with fewer.
void need_threads(std::size_t threads);

}  // namespace snnl::parallel
