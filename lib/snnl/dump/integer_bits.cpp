#include "snnl/dump/integer_bits.hpp"

#include <fmt/format.h>

namespace snnl::dump {
namespace {

const char* name_of(IntegerBits bits) {
  switch (bits) {
    case IntegerBits::numbers:
      break;
    case IntegerBits::bfloat16:
      return "bfloat16";
    case IntegerBits::float16:
      return "float16";
  }
  return "integer";
}

}  // namespace

const char* option_of(IntegerBits bits) {
  switch (bits) {
    case IntegerBits::numbers:
      break;
    case IntegerBits::bfloat16:
      return "--bfloat16";
    case IntegerBits::float16:
      return "--float16-bits";
  }
  return nullptr;
}

Error looks_like_bits(const std::string& where, IntegerBits bits) {
  return {where, fmt::format("its 16-bit integers look like the bits of {} numbers", name_of(bits)),
          fmt::format("read them with {}", option_of(bits))};
}

Error bits_apply_to_nothing(const std::string& where, IntegerBits bits) {
  return {where, fmt::format("{} changes nothing: no layer holds 16-bit integers of unknown meaning", option_of(bits)),
          "leave it out"};
}

}  // namespace snnl::dump
