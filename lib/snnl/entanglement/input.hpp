#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snnl::engine {

/// Labels as places among the distinct ones.
struct NumberedClasses {
  std::vector<std::int64_t> labels;   ///< [C] the labels that occur, ascending
  std::vector<std::size_t> counts;    ///< [C]
  std::vector<std::int32_t> numbers;  ///< [n] in [0, C)
};
NumberedClasses number_classes(std::span<const std::int64_t> labels);
/// The same of labels in [0, classes), in time O(n + classes). Throws snnl::Error where one is not.
NumberedClasses number_codes(std::span<const std::int32_t> codes, std::size_t classes);

/// Samples whose class has another member.
std::size_t count_scored(const std::vector<std::size_t>& class_counts);

/// The mean loss of the scored samples where all distances are equal: of log((n - 1) / (n_class - 1)).
double chance_level(const std::vector<std::size_t>& class_counts, std::size_t samples, std::size_t scored);

}  // namespace snnl::engine
