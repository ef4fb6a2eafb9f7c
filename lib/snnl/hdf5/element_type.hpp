#pragma once

#include <optional>
#include <string>

#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/half.hpp"

namespace snnl::hdf5 {

/// How the elements of a dataset are read.
enum class ElementKind {
  half,      ///< IEEE binary16, read as raw words
  bfloat16,  ///< the upper half of a float, read as raw words
  single,    ///< fits a float without loss, read as float
  wide,      ///< read as double
};

/// Tells the kind from the stored type's bit layout, never from its width alone. 16-bit integers hold bfloat16 or
/// float16 where the attribute `dtype` of the dataset says so, else what `integers` says, else numbers. Throws
/// snnl::Error for types that are not real numbers.
ElementKind element_kind(const hdf5::Handle& file, const std::string& file_name, const std::string& path,
                         const hdf5::Dataset& dataset, std::optional<SixteenBit> integers = std::nullopt);

/// Whether the type is of 16-bit integers, whatever they hold.
bool is_sixteen_bit_integer(const hdf5::Dataset& dataset);

}  // namespace snnl::hdf5
