#pragma once

#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "snnl/error.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl {

/// Throws snnl::Error where a value is NaN or infinite, naming the first row that holds one. `row` is what the message
/// calls a row.
template <class Real>
void check_finite(MatrixView<const Real> x, std::size_t threads, const std::string& row = "row") {
  std::atomic<std::size_t> first_bad{x.rows};
  run_stretches(x.rows, 256, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Real* values = x.row(i);
      int finite = 1;
      for (std::size_t f = 0; f < x.cols; ++f) {
        finite &= std::abs(values[f]) <= std::numeric_limits<Real>::max() ? 1 : 0;
      }
      if (finite) continue;
      for (std::size_t seen = first_bad; i < seen && !first_bad.compare_exchange_weak(seen, i);) {
      }
      return;
    }
  });
  if (first_bad == x.rows) return;
  throw Error("", std::string(row).append(" ").append(std::to_string(first_bad)).append(" holds NaN or Inf"));
}

}  // namespace snnl
