#pragma once

#include <cstddef>
#include <cstdint>

namespace snnl::hdf5 {

/// IEEE binary16 to float, exact; NaN payloads are kept.
float half_to_float(std::uint16_t bits);

/// bfloat16 (the upper half of a float) to float, exact.
float bfloat16_to_float(std::uint16_t bits);

/// 16-bit formats that HDF5 1.10 converts slowly (float16) or does not know (bfloat16).
enum class SixteenBit { half, bfloat16 };

/// Converts in place: `count` 16-bit words in the second half of `values`' bytes become `count` floats. So a
/// dataset is read into the memory of its result, with no second buffer.
void expand_to_float(SixteenBit format, float* values, std::size_t count);

}  // namespace snnl::hdf5
