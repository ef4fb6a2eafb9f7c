#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snnl/parallel/threads.hpp"

namespace snnl::engine {

/// The sum of term(f) for f in [0, features), in eight sums, which processors add at once.
template <class Term>
double sum_over_features(std::size_t features, const Term& term) {
  constexpr std::size_t lanes = 8;
  double sums[lanes] = {};
  const std::size_t whole = features - features % lanes;
  for (std::size_t f = 0; f < whole; f += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += term(f + k);
  }
  for (std::size_t f = whole; f < features; ++f) sums[f - whole] += term(f);
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

/// Rows that one task takes: sums over them are made apart and then added in order, whatever the number of threads.
/// At most 64 tasks, so that the sums apart stay few.
inline std::size_t row_stretch(std::size_t rows) { return std::max<std::size_t>(128, (rows + 63) / 64); }

/// The sum of what `add(begin, end, out)` adds to out[0 .. size) for stretches of the rows [0, n).
template <class Add>
std::vector<double> sum_over_rows(std::size_t n, std::size_t size, std::size_t threads, const Add& add) {
  const std::size_t stretch = row_stretch(n);
  std::vector<std::vector<double>> parts((n + stretch - 1) / stretch);
  parallel::run_stretches(n, stretch, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<double>& part = parts[begin / stretch];
    part.assign(size, 0.);
    add(begin, end, part.data());
  });
  std::vector<double> sum(size, 0.);
  for (const std::vector<double>& part : parts) {
    for (std::size_t k = 0; k < size; ++k) sum[k] += part[k];
  }
  return sum;
}

}  // namespace snnl::engine
