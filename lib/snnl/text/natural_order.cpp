#include "snnl/text/natural_order.hpp"

#include <cstddef>

namespace snnl::text {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The run of digits at `begin`, without leading zeros; `begin` moves past it.
std::string_view take_number(std::string_view text, std::size_t& begin) {
  while (begin < text.size() && text[begin] == '0') ++begin;
  const std::size_t first = begin;
  while (begin < text.size() && is_digit(text[begin])) ++begin;
  return text.substr(first, begin - first);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view x = take_number(a, i);
      const std::string_view y = take_number(b, j);
      // Without leading zeros the longer number is the larger one, whatever its length: nothing can overflow.
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
    }
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;
}

}  // namespace snnl::text
