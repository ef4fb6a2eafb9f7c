#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump/layout_pattern.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/hdf5/half.hpp"
#include "snnl/hdf5/handle.hpp"

namespace snnl::dump {

/// A dataset, or one epoch of it.
struct Slice {
  std::string path;
  EpochAxis axis = EpochAxis::none;
  std::size_t epoch_index = 0;  ///< along `axis`

  /// "/conv1", "/conv1[3]", "/conv1[:,3]".
  std::string text() const;
};

/// Size of `slice` when read. Throws snnl::Error when it has no shape of activations.
ItemSize activations_size(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                          const Pooling& pooling, std::size_t threads);

/// Throws snnl::Error where `slice` cannot be analysed whatever its values are; reads none. `labels` is the number of
/// labels, `label_path` is for messages.
void check_activations(const hdf5::Handle& file, const std::string& file_name, const Slice& slice, std::size_t labels,
                       const std::string& label_path);

/// Gives `bytes` of memory, aligned for any number, to read the values of so many samples into. Throws std::bad_alloc.
using Memory = std::function<std::shared_ptr<void>(std::size_t bytes, std::size_t samples)>;

/// Of this process, in large pages.
std::shared_ptr<void> own_memory(std::size_t bytes, std::size_t samples = 0);

/// Reads `slice`, flattened to [samples, features], into what `memory` gives, from its beginning; `labels` has the
/// index of each sample's class, negative where it is to be left out, `label_path` is for messages. Of `options`, those
/// that are not about what is found count. Throws snnl::Error when it cannot be analysed (docs/dump-format.md lists the
/// reasons).
Activations read_activations(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                             const std::vector<std::int32_t>& labels, const std::string& label_path,
                             const Options& options, const Memory& memory = own_memory);

/// Whether Options::integer_bits is what `slice` is read by: 16-bit integers without an attribute that says what they
/// hold. Not where it cannot be opened.
bool integer_bits_apply(const hdf5::Handle& file, const std::string& file_name, const Slice& slice);

/// As the elements are read; nothing for numbers.
std::optional<hdf5::SixteenBit> format_of(IntegerBits bits);

}  // namespace snnl::dump
