#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/dump_reader.hpp"

namespace snnl::dump {

/// Adds 16-bit integers that were read as floats to their counts: by their bits, those of negative ones in two's
/// complement. Makes `counts` [65536] where it is empty.
void count_words(const float* values, std::size_t size, std::vector<std::uint64_t>& counts);

/// Whether words are rather the bits of activations in bfloat16 or float16 than integers; `counts` [65536] says how
/// often each occurs. The words of a float count its logarithm: where a power of two begins, they are twice as dense as
/// before, which integers have no reason to be. That, and where the words lie, decides; too few or too equal ones tell
/// nothing, and are numbers. docs/dump-format.md says how often it errs.
IntegerBits likely_bits(const std::vector<std::uint64_t>& counts);

/// The natural logarithm of the odds on which that is decided, for one format; minus infinity where values would be
/// none of activations.
double evidence_for_bits(const std::vector<std::uint64_t>& counts, IntegerBits bits);

}  // namespace snnl::dump
