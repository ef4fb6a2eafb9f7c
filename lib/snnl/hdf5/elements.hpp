#pragma once

#include <cstddef>

#include "snnl/hdf5/box.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/element_type.hpp"

namespace snnl::hdf5 {

/// Reads a box of a dataset into `values`, which has room for its elements, row-major; of a kind other than wide.
/// gzip is undone on up to `threads` threads. Throws snnl::Error when it cannot be read.
void read_elements(const hdf5::Dataset& dataset, ElementKind kind, const Box& box, std::size_t threads, float* values);

/// The same for the kind wide.
void read_elements(const hdf5::Dataset& dataset, const Box& box, std::size_t threads, double* values);

}  // namespace snnl::hdf5
