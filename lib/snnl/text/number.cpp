#include "snnl/text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace snnl::text {

std::string format_number(double value) {
  if (std::isnan(value)) return "";
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string format_short(double value, int digits) {
  if (std::isnan(value)) return "-";
  std::array<char, 48> text;
  const double size = std::abs(value);
  if (size == 0 || (size >= 1e-3 && size < 1e5)) {
    const int before = size > 0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1;
    std::snprintf(text.data(), text.size(), "%.*f", std::max(0, digits - before), value);
  } else {
    std::snprintf(text.data(), text.size(), "%.*e", std::max(0, digits - 3), value);
  }
  return text.data();
}

}  // namespace snnl::text
