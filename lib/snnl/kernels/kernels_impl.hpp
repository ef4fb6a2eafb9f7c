#pragma once

// Bodies of the kernels, compiled once for each instruction set by the kernels_<set>.cpp beside this file, each under
// an Arch of its own so that no two compilations share a symbol. Nothing from the standard library with a body may be
// used here: the linker could keep the copy that this machine cannot run.

#include <limits>

#include "snnl/kernels/exp2.hpp"
#include "snnl/kernels/gradient_kernel.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/simd/fma.hpp"

namespace snnl::kernels {

template <class Real, class Arch>
struct KernelSet {
  using Batch = xsimd::batch<Real, Arch>;
  static constexpr std::size_t width = Batch::size;

  /// `count` < width values from `from`, the other lanes holding `fill`.
  static Batch load_some(const Real* from, std::size_t count, Real fill) {
    alignas(64) Real lanes[width];
    for (std::size_t k = 0; k < width; ++k) lanes[k] = k < count ? from[k] : fill;
    return Batch::load_aligned(lanes);
  }

  static void add_some(Real* to, std::size_t count, const Batch& value) {
    alignas(64) Real lanes[width];
    value.store_aligned(lanes);
    for (std::size_t k = 0; k < count; ++k) to[k] += lanes[k];
  }

  static constexpr Real excluded = std::numeric_limits<Real>::infinity();

  /// Distances of the columns from `whole` on, fewer than a batch, in one that ends with the last column: what it holds
  /// of the columns before them is excluded.
  static Batch load_tail(const Real* row, std::size_t cols, std::size_t whole) {
    if (cols < width) return load_some(row, cols, excluded);
    alignas(64) static constexpr Lanes lanes;
    const auto wanted = Batch::load_aligned(lanes.index) >= Batch(static_cast<Real>(width - (cols - whole)));
    return xsimd::select(wanted, Batch::load_unaligned(row + cols - width), Batch(excluded));
  }
  static void add_tail(Real* to, std::size_t cols, const Batch& value) {
    if (cols < width) return add_some(to, cols, value);
    (Batch::load_unaligned(to + cols - width) + value).store_unaligned(to + cols - width);
  }
  struct Lanes {
    Real index[width];
    constexpr Lanes() : index{} {
      for (std::size_t k = 0; k < width; ++k) index[k] = static_cast<Real>(k);
    }
  };

  static void minima(const DistanceRect<Real>& rect, Real* row_min, Real* col_min) {
    const std::size_t whole = rect.cols - rect.cols % width;
    for (std::size_t i = 0; i < rect.rows; ++i) {
      const Real* d = rect.data + i * rect.stride;
      Batch least(row_min[i]);
      for (std::size_t j = 0; j < whole; j += width) {
        const Batch value = Batch::load_unaligned(d + j);
        least = xsimd::min(least, value);
        if (col_min) xsimd::min(value, Batch::load_unaligned(col_min + j)).store_unaligned(col_min + j);
      }
      alignas(64) Real lanes[width];
      least.store_aligned(lanes);
      Real row_least = lanes[0];
      for (std::size_t k = 1; k < width; ++k) row_least = lanes[k] < row_least ? lanes[k] : row_least;
      for (std::size_t j = whole; j < rect.cols; ++j) {
        row_least = d[j] < row_least ? d[j] : row_least;
        if (col_min && d[j] < col_min[j]) col_min[j] = d[j];
      }
      row_min[i] = row_least;
    }
  }

  /// `Rows` rows at once, so that a column's sums are loaded and stored once for all of them.
  template <std::size_t Steps, std::size_t Rows>
  static void exp_sums_rows(const DistanceRect<Real>& rect, std::size_t first, Real kappa, const Real* shift,
                            Real* row_sums, std::size_t row_stride, Real* col_sums, std::size_t col_stride) {
    const Batch scale(kappa);
    Batch offset[Rows];
    Batch sums[Rows][Steps];
    for (std::size_t r = 0; r < Rows; ++r) {
      offset[r] = Batch(shift[first + r]);
      for (std::size_t q = 0; q < Steps; ++q) sums[r][q] = Batch(Real(0));
    }
    const Real* d = rect.data + first * rect.stride;
    const auto visit = [&](const Batch* distances, Batch* column) {
      for (std::size_t q = 0; q < Steps; ++q) column[q] = Batch(Real(0));
      for (std::size_t r = 0; r < Rows; ++r) {
        Batch e = exp2_weight((offset[r] - distances[r]) * scale);
        for (std::size_t q = 0; q < Steps; ++q) {
          if (q > 0) e = e * e;
          sums[r][q] = sums[r][q] + e;
          column[q] = column[q] + e;
        }
      }
    };
    Batch distances[Rows];
    Batch column[Steps];
    const std::size_t whole = rect.cols - rect.cols % width;
    for (std::size_t j = 0; j < whole; j += width) {
      for (std::size_t r = 0; r < Rows; ++r) distances[r] = Batch::load_unaligned(d + r * rect.stride + j);
      visit(distances, column);
      if (col_sums) {
        for (std::size_t q = 0; q < Steps; ++q) {
          Real* to = col_sums + q * col_stride + j;
          (Batch::load_unaligned(to) + column[q]).store_unaligned(to);
        }
      }
    }
    if (whole < rect.cols) {
      for (std::size_t r = 0; r < Rows; ++r) distances[r] = load_tail(d + r * rect.stride, rect.cols, whole);
      visit(distances, column);
      if (col_sums) {
        for (std::size_t q = 0; q < Steps; ++q) add_tail(col_sums + q * col_stride, rect.cols, column[q]);
      }
    }
    for (std::size_t r = 0; r < Rows; ++r) {
      for (std::size_t q = 0; q < Steps; ++q) row_sums[q * row_stride + first + r] += xsimd::hadd(sums[r][q]);
    }
  }

  template <std::size_t Steps>
  static void exp_sums_steps(const DistanceRect<Real>& rect, Real kappa, const Real* shift, Real* row_sums,
                             std::size_t row_stride, Real* col_sums, std::size_t col_stride) {
    std::size_t i = 0;
    if constexpr (Steps <= 2) {  // with more steps the sums no longer fit the registers
      for (; i + 4 <= rect.rows; i += 4) {
        exp_sums_rows<Steps, 4>(rect, i, kappa, shift, row_sums, row_stride, col_sums, col_stride);
      }
    }
    for (; i + 2 <= rect.rows; i += 2) {
      exp_sums_rows<Steps, 2>(rect, i, kappa, shift, row_sums, row_stride, col_sums, col_stride);
    }
    if (i < rect.rows) exp_sums_rows<Steps, 1>(rect, i, kappa, shift, row_sums, row_stride, col_sums, col_stride);
  }

  static void exp_sums(const DistanceRect<Real>& rect, Real kappa, const Real* shift, std::size_t steps, Real* row_sums,
                       std::size_t row_stride, Real* col_sums, std::size_t col_stride) {
    switch (steps) {
      case 1:
        return exp_sums_steps<1>(rect, kappa, shift, row_sums, row_stride, col_sums, col_stride);
      case 2:
        return exp_sums_steps<2>(rect, kappa, shift, row_sums, row_stride, col_sums, col_stride);
      case 3:
        return exp_sums_steps<3>(rect, kappa, shift, row_sums, row_stride, col_sums, col_stride);
      default:
        return exp_sums_steps<4>(rect, kappa, shift, row_sums, row_stride, col_sums, col_stride);
    }
  }

  template <std::size_t Rows>
  static void share_sums_rows(const DistanceRect<Real>& rect, std::size_t first, Real kappa, const Real* shift,
                              const Real* row_share, Real* weighted, Real* plain) {
    const Batch scale(kappa);
    Batch offset[Rows], share[Rows], distances[Rows];
    for (std::size_t r = 0; r < Rows; ++r) {
      offset[r] = Batch(shift[first + r]);
      share[r] = Batch(row_share[first + r]);
    }
    const Real* d = rect.data + first * rect.stride;
    Batch sum, shared;
    const auto visit = [&] {
      sum = Batch(Real(0));
      shared = Batch(Real(0));
      for (std::size_t r = 0; r < Rows; ++r) {
        const Batch e = exp2_weight((offset[r] - distances[r]) * scale);
        sum = sum + e;
        shared = simd::fma(share[r], e, shared);
      }
    };
    const std::size_t whole = rect.cols - rect.cols % width;
    for (std::size_t j = 0; j < whole; j += width) {
      for (std::size_t r = 0; r < Rows; ++r) distances[r] = Batch::load_unaligned(d + r * rect.stride + j);
      visit();
      (Batch::load_unaligned(weighted + j) + shared).store_unaligned(weighted + j);
      if (plain) (Batch::load_unaligned(plain + j) + sum).store_unaligned(plain + j);
    }
    if (whole < rect.cols) {
      for (std::size_t r = 0; r < Rows; ++r) distances[r] = load_tail(d + r * rect.stride, rect.cols, whole);
      visit();
      add_tail(weighted, rect.cols, shared);
      if (plain) add_tail(plain, rect.cols, sum);
    }
  }

  static void share_sums(const DistanceRect<Real>& rect, Real kappa, const Real* shift, const Real* row_share,
                         Real* weighted, Real* plain) {
    std::size_t i = 0;
    for (; i + 4 <= rect.rows; i += 4) share_sums_rows<4>(rect, i, kappa, shift, row_share, weighted, plain);
    for (; i < rect.rows; ++i) share_sums_rows<1>(rect, i, kappa, shift, row_share, weighted, plain);
  }

  static void entropy_sums(const DistanceRect<Real>& rect, Real kappa, const Real* shift, Real* row_sums,
                           Real* row_moments, Real* col_sums, Real* col_moments) {
    const std::size_t whole = rect.cols - rect.cols % width;
    const Batch scale(kappa);
    const Batch lowest(lowest_exponent<Real>);
    for (std::size_t i = 0; i < rect.rows; ++i) {
      const Real* d = rect.data + i * rect.stride;
      const Batch offset(shift[i]);
      Batch sum(Real(0)), moment(Real(0));
      for (std::size_t j = 0; j < whole; j += width) {
        const Batch u = (offset - Batch::load_unaligned(d + j)) * scale;
        const Batch e = exp2_weight(u);
        const Batch m = e * xsimd::max(u, lowest);
        sum = sum + e;
        moment = moment + m;
        if (col_sums) {
          (Batch::load_unaligned(col_sums + j) + e).store_unaligned(col_sums + j);
          (Batch::load_unaligned(col_moments + j) + m).store_unaligned(col_moments + j);
        }
      }
      if (whole < rect.cols) {
        const Batch u = (offset - load_tail(d, rect.cols, whole)) * scale;
        const Batch e = exp2_weight(u);
        const Batch m = e * xsimd::max(u, lowest);
        sum = sum + e;
        moment = moment + m;
        if (col_sums) {
          add_tail(col_sums, rect.cols, e);
          add_tail(col_moments, rect.cols, m);
        }
      }
      row_sums[i] += xsimd::hadd(sum);
      row_moments[i] += xsimd::hadd(moment);
    }
  }

  static std::size_t select_within(const Real* values, std::size_t count, Real limit, std::uint32_t* out) {
    const Batch bound(limit);
    const std::size_t whole = count - count % width;
    std::size_t found = 0, j = 0;
    for (; j < whole; j += width) {
      if (!xsimd::any(Batch::load_unaligned(values + j) <= bound)) continue;
      for (std::size_t k = j; k < j + width; ++k) {
        out[found] = static_cast<std::uint32_t>(k);
        found += values[k] <= limit ? 1 : 0;
      }
    }
    for (; j < count; ++j) {
      out[found] = static_cast<std::uint32_t>(j);
      found += values[j] <= limit ? 1 : 0;
    }
    return found;
  }

  static std::size_t select_near(const Real* values, const Real* limits, std::size_t count, Real limit,
                                 std::uint32_t* out) {
    const Batch bound(limit);
    const std::size_t whole = count - count % width;
    std::size_t found = 0;
    const auto look = [&](std::size_t from, std::size_t to) {
      for (std::size_t k = from; k < to; ++k) {
        out[found] = static_cast<std::uint32_t>(k);
        found += values[k] <= limit || values[k] <= limits[k] ? 1 : 0;
      }
    };
    for (std::size_t j = 0; j < whole; j += width) {
      const Batch least = xsimd::max(bound, Batch::load_unaligned(limits + j));
      if (xsimd::any(Batch::load_unaligned(values + j) <= least)) look(j, j + width);
    }
    look(whole, count);
    return found;
  }

  static constexpr Kernels<Real> table{
      &minima,        &exp_sums,   &share_sums, &entropy_sums, &GradientKernel<Real, Arch>::gradient_weights,
      &select_within, &select_near};
};

}  // namespace snnl::kernels
