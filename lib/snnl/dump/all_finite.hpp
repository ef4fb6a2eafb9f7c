#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace snnl::dump {

// The bits are looked at, not the values: it becomes vector code, and no compiler option can do away with it.

inline bool all_finite(const float* values, std::size_t size) {
  constexpr std::uint32_t exponent = 0x7f800000u;
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < size; ++i) {
    found |= (std::bit_cast<std::uint32_t>(values[i]) & exponent) == exponent ? 1u : 0u;
  }
  return found == 0;
}

inline bool all_finite(const double* values, std::size_t size) {
  constexpr std::uint64_t exponent = 0x7ff0000000000000u;
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < size; ++i) {
    found |= (std::bit_cast<std::uint64_t>(values[i]) & exponent) == exponent ? 1u : 0u;
  }
  return found == 0;
}

}  // namespace snnl::dump
