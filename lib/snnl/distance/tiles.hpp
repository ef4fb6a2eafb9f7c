#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "snnl/distance/points.hpp"
#include "snnl/distance/schedule.hpp"
#include "snnl/simd/kernel_table.hpp"

namespace snnl {

/// Distances between two blocks of rows: d(i, j) for i in [row_begin, row_begin + rect.rows) and j likewise.
/// The pair (i, i) holds +infinity.
template <class Real>
struct Tile {
  std::size_t row_begin = 0;
  std::size_t col_begin = 0;
  DistanceRect<Real> rect;
  bool diagonal = false;  ///< rows and columns are the same block
};

/// Rows of a block: a sixteenth of n, between 64 and 512, so that a tile stays in the second-level cache and small
/// problems still make enough tiles to share. Depends on n alone, as the order of additions does.
std::size_t block_rows(std::size_t n);

/// The one producer of distance tiles. Visits each unordered pair of row blocks once, as `consume(tile, worker)`, on
/// `threads` threads; `consume` may add to what belongs to the rows and to the columns of its tile without locks, and
/// in the same order for any number of threads (see run_schedule). BLAS must be single-threaded (SingleThreadedBlas).
template <class Real>
void for_each_tile(const RowSet<Real>& rows, std::size_t threads,
                   const std::function<void(const Tile<Real>&, std::size_t worker)>& consume);

/// out(i, j) = d(left_i, right_j), [left.rows(), right.rows()], by GEMM. In double, pairs much closer than their
/// norms are taken from the differences of their features, where the expansion would cancel.
template <class Real>
void distances(const RowSet<Real>& left, std::size_t left_begin, std::size_t left_count, const RowSet<Real>& right,
               std::size_t right_begin, std::size_t right_count, Real* out);

}  // namespace snnl
