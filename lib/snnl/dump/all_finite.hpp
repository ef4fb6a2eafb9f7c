#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace snnl::dump {

// The bits are looked at, not the values: it becomes vector code, and no compiler option can do away with it.

template <class Bits, class Real>
bool all_finite(const Real* values, std::size_t size, Bits exponent) {
  Bits found = 0;
  for (std::size_t i = 0; i < size; ++i) found |= (std::bit_cast<Bits>(values[i]) & exponent) == exponent ? 1u : 0u;
  return found == 0;
}

inline bool all_finite(const float* values, std::size_t size) {
  return all_finite<std::uint32_t>(values, size, 0x7f800000u);
}
inline bool all_finite(const double* values, std::size_t size) {
  return all_finite<std::uint64_t>(values, size, 0x7ff0000000000000u);
}

}  // namespace snnl::dump
