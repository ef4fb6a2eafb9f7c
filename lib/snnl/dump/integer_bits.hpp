#pragma once

#include <string>

#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"

namespace snnl::dump {

// What is said of 16-bit integers that may be the bits of floats.

/// The option of the tools that reads integers so; null for numbers.
const char* option_of(IntegerBits bits);

/// Integers at `where` look like these bits.
Error looks_like_bits(const std::string& where, IntegerBits bits);

/// Nothing in `where` is read as these bits, though it was asked for.
Error bits_apply_to_nothing(const std::string& where, IntegerBits bits);

}  // namespace snnl::dump
