#include "snnl/entanglement/input.hpp"

#include <algorithm>
#include <cmath>

#include "snnl/error.hpp"

namespace snnl::engine {

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

NumberedClasses number_codes(std::span<const std::int32_t> codes, std::size_t classes) {
  std::vector<std::size_t> counts(classes, 0);
  for (const std::int32_t code : codes) {
    if (code < 0 || static_cast<std::size_t>(code) >= classes) throw Error("", "a label is outside the classes");
    ++counts[static_cast<std::size_t>(code)];
  }
  NumberedClasses out;
  std::vector<std::int32_t> number(classes, 0);
  for (std::size_t c = 0; c < classes; ++c) {
    if (counts[c] == 0) continue;
    number[c] = static_cast<std::int32_t>(out.labels.size());
    out.labels.push_back(static_cast<std::int64_t>(c));
    out.counts.push_back(counts[c]);
  }
  out.numbers.reserve(codes.size());
  for (const std::int32_t code : codes) out.numbers.push_back(number[static_cast<std::size_t>(code)]);
  return out;
}

std::size_t count_scored(const std::vector<std::size_t>& class_counts) {
  std::size_t scored = 0;
  for (const std::size_t members : class_counts) scored += members > 1 ? members : 0;
  return scored;
}

double chance_level(const std::vector<std::size_t>& class_counts, std::size_t samples, std::size_t scored) {
  const auto n = static_cast<double>(samples);
  double sum = 0;
  for (const std::size_t members : class_counts) {
    if (members < 2) continue;
    sum += static_cast<double>(members) * std::log((n - 1) / static_cast<double>(members - 1));
  }
  return sum / static_cast<double>(scored);
}

}  // namespace snnl::engine
