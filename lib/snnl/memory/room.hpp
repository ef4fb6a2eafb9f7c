#pragma once

#include <cstddef>

namespace snnl::memory {

/// Whether the system would give this process `bytes` more at this moment. For what comes before libraries that do not
/// survive where it would not.
bool has_room(std::size_t bytes) noexcept;

}  // namespace snnl::memory
