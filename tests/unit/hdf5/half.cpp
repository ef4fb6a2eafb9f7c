#include "snnl/hdf5/half.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

// Straight from the format's definition: sign, biased exponent, fraction.
double by_definition(std::uint32_t bits, int exponent_bits, int fraction_bits) {
  const int exponent = static_cast<int>((bits >> fraction_bits) & ((1u << exponent_bits) - 1u));
  const double fraction = std::ldexp(static_cast<double>(bits & ((1u << fraction_bits) - 1u)), -fraction_bits);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = (bits & 0x8000u) != 0 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * (exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, exponent - bias));
}

bool same(float a, double b) {
  if (std::isnan(b)) return std::isnan(a);
  return static_cast<double>(a) == b && std::signbit(a) == std::signbit(b);
}

}  // namespace

TEST_CASE("all 65536 values of float16 and bfloat16") {
  int wrong = 0;
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto word = static_cast<std::uint16_t>(bits);
    if (!same(snnl::hdf5::half_to_float(word), by_definition(bits, 5, 10))) ++wrong;
    if (!same(snnl::hdf5::bfloat16_to_float(word), by_definition(bits, 8, 7))) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(snnl::hdf5::half_to_float(0x3c00) == 1.0f);
  CHECK(snnl::hdf5::half_to_float(0x7bff) == 65504.0f);
  CHECK(snnl::hdf5::half_to_float(0x0001) == 0x1p-24f);
  CHECK(snnl::hdf5::bfloat16_to_float(0x3f80) == 1.0f);
}

TEST_CASE("conversion in place") {
  using snnl::hdf5::SixteenBit;
  // Around multiples of its block.
  for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 2047u, 2048u, 2049u, 4096u, 5000u, 65536u}) {
    for (const SixteenBit format : {SixteenBit::half, SixteenBit::bfloat16}) {
      std::vector<float> values(count);
      std::vector<std::uint16_t> words(count);
      for (std::size_t i = 0; i < count; ++i) words[i] = static_cast<std::uint16_t>(i * 7919);
      if (count > 0) std::memcpy(reinterpret_cast<unsigned char*>(values.data()) + 2 * count, words.data(), 2 * count);
      snnl::hdf5::expand_to_float(format, values.data(), count);
      bool right = true;
      for (std::size_t i = 0; i < count; ++i) {
        const float expected =
            format == SixteenBit::half ? snnl::hdf5::half_to_float(words[i]) : snnl::hdf5::bfloat16_to_float(words[i]);
        right = right && std::bit_cast<std::uint32_t>(values[i]) == std::bit_cast<std::uint32_t>(expected);
      }
      CAPTURE(count);
      CHECK(right);
    }
  }
}
