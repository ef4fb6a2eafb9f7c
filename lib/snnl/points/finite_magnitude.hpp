#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"

namespace snnl::engine {

/// max |x_if|; 0 where there are no values. Throws snnl::Error where a value is NaN or infinite, naming the first row
/// that holds one; `row` is what the message calls a row.
///
/// One reading for both: without their sign, the bits of floating-point numbers are integers of the same order, and
/// infinity and NaN the largest.
template <class Real>
Real finite_magnitude(MatrixView<const Real> x, std::size_t threads, const std::string& row = "row") {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;
  constexpr Bits without_sign = std::numeric_limits<Bits>::max();
  constexpr Bits infinite = std::bit_cast<Bits>(std::numeric_limits<Real>::infinity());
  const std::size_t stretch = row_stretch(x.rows);
  std::vector<Bits> parts((x.rows + stretch - 1) / stretch, 0);
  std::atomic<std::size_t> first_bad{x.rows};
  parallel::run_stretches(x.rows, stretch, threads, [&](std::size_t begin, std::size_t end) {
    Bits largest = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const Real* const values = x.row(i);
      Bits of_row = 0;
      for (std::size_t f = 0; f < x.cols; ++f) of_row = std::max(of_row, std::bit_cast<Bits>(values[f]) & without_sign);
      if (of_row >= infinite) {
        for (std::size_t seen = first_bad; i < seen && !first_bad.compare_exchange_weak(seen, i);) {
        }
        return;
      }
      largest = std::max(largest, of_row);
    }
    parts[begin / stretch] = largest;
  });
  if (first_bad < x.rows) {
    throw Error("", std::string(row).append(" ").append(std::to_string(first_bad)).append(" holds NaN or Inf"));
  }
  return parts.empty() ? Real{0} : std::bit_cast<Real>(*std::max_element(parts.begin(), parts.end()));
}

}  // namespace snnl::engine
