#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/handle.hpp"

namespace snnl::dump {

/// Whether the last name of `path` says that it holds labels: one of its words is y, label or target, and none speaks
/// of predictions. "/meta/y", "/labels_onehot", "/y_train".
bool is_called_labels(const std::string& path);

/// Whether `dataset` may be one-hot by its shape and type: [n, C] of numbers, C > 1.
bool has_one_hot_shape(const hdf5::Dataset& dataset);

/// What the rows of a dataset of that shape are.
struct OneHot {
  std::vector<std::int64_t> columns;  ///< [rows that are one-hot, up to the first that is not] where the 1 is
  std::size_t rows = 0;               ///< of the dataset

  /// Whether each row holds one 1, and zeros else.
  bool holds() const { return columns.size() == rows; }
};

/// Reads it up to the first row that is not one-hot. Throws snnl::Error when it cannot be read.
OneHot read_one_hot(const hdf5::Dataset& dataset);

/// Whether the dataset at `path` is one-hot labels, and no layer: called so, and one-hot. False where that cannot be
/// told.
bool is_one_hot_labels(const hdf5::Handle& file, const std::string& file_name, const std::string& path);

}  // namespace snnl::dump
