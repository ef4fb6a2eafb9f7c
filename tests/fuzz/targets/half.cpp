#include "snnl/hdf5/half.hpp"

#include <cmath>
#include <cstring>

#include "fuzz/targets.hpp"

namespace fuzz {
namespace {

/// By IEEE 754's definition.
float half_by_definition(unsigned bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31u), fraction = static_cast<int>(bits & 1023u);
  const float sign = bits >> 15 ? -1.f : 1.f;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * (exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                               : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25));
}

}  // namespace

void half(std::string_view bytes) {
  using namespace snnl::hdf5;
  const std::size_t count = bytes.size() / 2;
  for (const SixteenBit format : {SixteenBit::half, SixteenBit::bfloat16}) {
    std::vector<float> values(count);
    if (count > 0) std::memcpy(reinterpret_cast<unsigned char*>(values.data()) + 2 * count, bytes.data(), 2 * count);
    expand_to_float(format, values.data(), count);
    for (std::size_t k = 0; k < count; ++k) {
      std::uint16_t word = 0;
      std::memcpy(&word, bytes.data() + 2 * k, 2);
      float expected = half_by_definition(word);
      if (format == SixteenBit::bfloat16) {
        const std::uint32_t wide = std::uint32_t{word} << 16;
        std::memcpy(&expected, &wide, 4);
      }
      const bool same = std::isnan(expected)
                            ? std::isnan(values[k])
                            : values[k] == expected && std::signbit(values[k]) == std::signbit(expected);
      require(same, "a 16-bit number is not converted exactly");
    }
  }
}

}  // namespace fuzz
