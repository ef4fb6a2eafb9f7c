#pragma once

#include <cstddef>

#include "snnl/kernels/kernel_table.hpp"

namespace snnl::engine {

/// Distances between a block of rows and a block of columns, each of a set of samples: d(i, j) of row row_begin + i and
/// column col_begin + j. Where both sets are the same samples, one with itself holds +infinity.
template <class Real>
struct Tile {
  std::size_t row_begin = 0;
  std::size_t col_begin = 0;
  kernels::DistanceRect<Real> rect;
  bool mirrored = false;  ///< the columns are rows too, whose distances to these rows are in no other tile
};

}  // namespace snnl::engine
