#pragma once

#include <string_view>

namespace snnl::text {

/// Whether `a` comes before `b` when runs of digits are compared as numbers: conv2 < conv10. A strict total order:
/// names that differ only in leading zeros are told apart by their bytes.
bool natural_less(std::string_view a, std::string_view b);

/// `natural_less` as a comparator of ordered containers.
struct NaturalLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return natural_less(a, b); }
};

}  // namespace snnl::text
