#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snnl {

/// Labels as places among the distinct ones.
struct NumberedClasses {
  std::vector<std::int64_t> labels;   ///< [C] the labels that occur, ascending
  std::vector<std::size_t> counts;    ///< [C]
  std::vector<std::int32_t> numbers;  ///< [n] in [0, C)
};
NumberedClasses number_classes(std::span<const std::int64_t> labels);

/// Samples whose class has another member.
std::size_t count_scored(const std::vector<std::size_t>& class_counts);

}  // namespace snnl
