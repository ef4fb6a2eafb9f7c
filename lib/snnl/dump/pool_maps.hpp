#pragma once

#include <cstddef>

#include "snnl/pooling.hpp"

namespace snnl::dump {

/// A sample's maps, and what is made of them.
struct MapPooling {
  std::size_t channels = 0, rows = 0, columns = 0;  ///< > 0
  bool channels_last = false;                       ///< [rows, columns, channels], else [channels, rows, columns]
  bool largest = false;                             ///< of each cell, instead of its mean
  std::size_t grid_rows = 1, grid_columns = 1;      ///< cells; Pooling says which places each has

  std::size_t values() const { return channels * rows * columns; }
  std::size_t features() const { return channels * grid_rows * grid_columns; }
};

/// Features [channels, grid_rows, grid_columns] of one sample, to the last bit the same however its channels lie. All
/// are NaN where any of the sample's values is NaN or Inf, and finite where none is. `out` may not overlap `in`.
void pool_maps(const MapPooling& pooling, const float* in, float* out);
void pool_maps(const MapPooling& pooling, const double* in, double* out);

}  // namespace snnl::dump
