#pragma once

#include <string>
#include <vector>

#include "snnl/dump/tree.hpp"
#include "snnl/hdf5/handle.hpp"

namespace snnl::inspect {

/// A dataset that could be part of a dump.
struct Surveyed {
  std::string path;
  std::vector<std::size_t> shape;
  bool numbers = false;     ///< at least two axes of real numbers, and no one-hot labels
  double label_score = -1;  ///< how much it looks like labels; below 0: it is none

  /// Labels of more than one column.
  bool is_one_hot_labels() const { return label_score >= 0 && shape.size() == 2 && shape[1] > 1; }
};

/// The datasets of an open file, at most `most` of them; those that cannot be opened are left out.
std::vector<Surveyed> survey(const hdf5::Handle& file, const std::string& file_name, std::size_t most = 20000);

/// Paths of all datasets. What cannot be listed is left out, and told to `on_error`.
std::vector<std::string> dataset_paths(const hdf5::Handle& file, const std::string& file_name,
                                       const dump::OnError& on_error);

}  // namespace snnl::inspect
