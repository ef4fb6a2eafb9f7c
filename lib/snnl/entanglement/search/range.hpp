#pragma once

namespace snnl::engine {

/// The range searched, as powers of two of the mean distance.
inline constexpr int lowest_octave = -40;
inline constexpr int highest_octave = 10;

}  // namespace snnl::engine
