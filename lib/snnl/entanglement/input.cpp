#include "snnl/entanglement/input.hpp"

#include <algorithm>

namespace snnl {

NumberedClasses number_classes(std::span<const std::int64_t> labels) {
  NumberedClasses out;
  out.labels.assign(labels.begin(), labels.end());
  std::sort(out.labels.begin(), out.labels.end());
  out.labels.erase(std::unique(out.labels.begin(), out.labels.end()), out.labels.end());
  out.counts.assign(out.labels.size(), 0);
  out.numbers.resize(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto at = std::lower_bound(out.labels.begin(), out.labels.end(), labels[i]) - out.labels.begin();
    out.numbers[i] = static_cast<std::int32_t>(at);
    ++out.counts[static_cast<std::size_t>(at)];
  }
  return out;
}

std::size_t count_scored(const std::vector<std::size_t>& class_counts) {
  std::size_t scored = 0;
  for (const std::size_t members : class_counts) scored += members > 1 ? members : 0;
  return scored;
}

}  // namespace snnl
