#pragma once

#include "snnl/hdf5/dataset.hpp"

namespace snnl::hdf5 {

/// How the elements of a dataset are read.
enum class ElementKind {
  half,      ///< IEEE binary16, read as raw words
  bfloat16,  ///< the upper half of a float, read as raw words
  single,    ///< fits a float without loss, read as float
  wide,      ///< read as double
};

/// Tells the kind from the stored type's bit layout, never from its width alone. 16-bit integers hold bfloat16 where
/// the attribute `dtype` of the dataset says so. Throws snnl::Error for types that are not real numbers.
ElementKind element_kind(const hdf5::Handle& file, const std::string& file_name, const std::string& path,
                         const hdf5::Dataset& dataset);

}  // namespace snnl::hdf5
