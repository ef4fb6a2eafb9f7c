#include "snnl/hdf5/half.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace snnl::hdf5 {
namespace {

// Selects instead of branches, and only 32-bit lanes, so that the loops below become vector code on any CPU.
inline float half_value(std::uint32_t half) {
  constexpr std::uint32_t rebias = (127 - 15) << 23;
  constexpr std::uint32_t smallest_normal = 1u << 23;
  constexpr std::uint32_t infinite = 31u << 23;
  const std::uint32_t magnitude = (half & 0x7fffu) << 13;
  const std::uint32_t normal = magnitude + rebias + (magnitude >= infinite ? rebias : 0u);
  // A subnormal is an integer times 2^-24: put the integer below a leading one of known weight and take that away.
  constexpr std::uint32_t leading_one = rebias + smallest_normal;
  const float subnormal = std::bit_cast<float>(magnitude + leading_one) - std::bit_cast<float>(leading_one);
  const std::uint32_t bits = magnitude < smallest_normal ? std::bit_cast<std::uint32_t>(subnormal) : normal;
  return std::bit_cast<float>(bits | ((half & 0x8000u) << 16));
}

inline float bfloat16_value(std::uint32_t bits) { return std::bit_cast<float>(bits << 16); }

template <typename Convert>
void expand(float* values, std::size_t count, Convert convert) {
  // Word j lies at byte 2 (count + j), float i at byte 4 i: the floats up to `end` cover words below
  // 2 end - count <= end, all of which have been taken.
  constexpr std::size_t block = 2048;
  std::array<std::uint16_t, block> words;
  const auto* source = reinterpret_cast<const unsigned char*>(values) + 2 * count;
  for (std::size_t begin = 0; begin < count; begin += block) {
    const std::size_t length = std::min(block, count - begin);
    std::memcpy(words.data(), source + 2 * begin, 2 * length);
    float* out = values + begin;
    for (std::size_t i = 0; i < length; ++i) out[i] = convert(words[i]);
  }
}

}  // namespace

float half_to_float(std::uint16_t bits) { return half_value(bits); }

float bfloat16_to_float(std::uint16_t bits) { return bfloat16_value(bits); }

void expand_to_float(SixteenBit format, float* values, std::size_t count) {
  if (format == SixteenBit::half) {
    expand(values, count, [](std::uint32_t bits) { return half_value(bits); });
  } else {
    expand(values, count, [](std::uint32_t bits) { return bfloat16_value(bits); });
  }
}

}  // namespace snnl::hdf5
