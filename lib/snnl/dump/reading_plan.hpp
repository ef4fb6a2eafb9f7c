#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/pool_maps.hpp"
#include "snnl/hdf5/box.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/element_type.hpp"
#include "snnl/hdf5/handle.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/pooling.hpp"

namespace snnl::dump {

/// What is read of a dataset, and what is made of it on the way.
struct ReadingPlan {
  Pooled pooled = Pooled::no;
  hdf5::Box box;  ///< what is read, of all samples
  std::size_t sample_axis = 0;
  std::size_t samples = 0;
  std::size_t read_features = 0;   ///< values of a sample that are read
  std::size_t features = 0;        ///< of a sample, as it is given
  std::optional<MapPooling> maps;  ///< what makes these of those; none where they are the same
  std::size_t stretch = 0;         ///< samples that are read at once, and then pooled

  /// Elements beside the features that are in memory on the way.
  std::size_t elements_beside() const { return maps ? stretch * read_features : 0; }
};

/// `shape` is that of `dataset` without the epoch axis, `element_bytes` what an element takes in memory. Throws
/// snnl::Error where the dataset says of its axes what is not known, or where it is too large.
ReadingPlan plan_reading(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                         const hdf5::Dataset& dataset, const std::vector<std::size_t>& shape, std::size_t element_bytes,
                         const Pooling& pooling);

/// Reads into `values`, [samples, features]; on up to `threads` threads, and the same on any number. Returns whether
/// any value that was read is other than zero; true without looking where `dataset` is complete. `words`, where not
/// null, is given the words of 16-bit integers as they are stored (count_words); there
/// are none in double. Throws snnl::Error when it cannot be
/// read, std::bad_alloc.
bool read_planned(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
                  MatrixView<float> values, std::vector<std::uint64_t>* words = nullptr);
bool read_planned(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
                  MatrixView<double> values, std::vector<std::uint64_t>* words = nullptr);

}  // namespace snnl::dump
