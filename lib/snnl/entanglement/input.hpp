#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "snnl/distance/matrix_view.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl {

/// Throws snnl::Error where a value is NaN or infinite, naming the first row that holds one.
template <class Real>
void check_finite(MatrixView<const Real> x, std::size_t threads) {
  std::atomic<std::size_t> first_bad{x.rows};
  run_stretches(x.rows, 256, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Real* row = x.row(i);
      int finite = 1;
      for (std::size_t f = 0; f < x.cols; ++f) finite &= std::abs(row[f]) <= std::numeric_limits<Real>::max() ? 1 : 0;
      if (finite) continue;
      for (std::size_t seen = first_bad; i < seen && !first_bad.compare_exchange_weak(seen, i);) {
      }
      return;
    }
  });
  if (first_bad == x.rows) return;
  throw Error("", std::string("row ").append(std::to_string(first_bad)).append(" holds NaN or Inf"));
}

/// Labels as places among the distinct ones.
struct NumberedClasses {
  std::vector<std::int64_t> labels;   ///< [C] the labels that occur, ascending
  std::vector<std::size_t> counts;    ///< [C]
  std::vector<std::int32_t> numbers;  ///< [n] in [0, C)
};
NumberedClasses number_classes(const std::vector<std::int64_t>& labels);

/// Samples whose class has another member.
std::size_t count_scored(const std::vector<std::size_t>& class_counts);

}  // namespace snnl
