#pragma once

#include <cstddef>

namespace snnl {

/// Whether the system would give this process `bytes` more at this moment. For what comes before libraries that do not
/// survive where it would not.
bool has_room(std::size_t bytes) noexcept;

}  // namespace snnl
