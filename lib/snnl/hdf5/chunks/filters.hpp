#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "snnl/hdf5/chunks/inflate.hpp"

namespace snnl::hdf5 {

enum class ChunkFilter {
  deflate,
  shuffle,     ///< first bytes of all elements, second bytes of all, ...
  fletcher32,  ///< a checksum after the data
};

/// One step of the filters that a chunk went through when it was written.
struct FilterStep {
  ChunkFilter filter = ChunkFilter::deflate;
  std::size_t element_size = 1;  ///< of shuffle
};

/// Undoes the filters of chunks. One for each thread.
class ChunkDecoder {
 public:
  /// `steps` in the order of writing, deflate at most once; a chunk without them has `chunk_bytes` bytes.
  ChunkDecoder(const std::vector<FilterStep>& steps, std::size_t chunk_bytes);

  /// The `chunk_bytes` bytes of the chunk stored as `stored`; step i was left out where bit i of `skipped` is set. What
  /// is returned lives until the next call, and as long as `stored`. Throws snnl::Error, without a place, where the
  /// stored bytes are damaged.
  std::span<const unsigned char> decode(std::span<const unsigned char> stored, std::uint32_t skipped);

 private:
  std::span<unsigned char> room(std::size_t size);

  std::vector<FilterStep> steps_;
  std::size_t chunk_bytes_;
  Inflater inflater_;
  std::array<std::vector<unsigned char>, 2> rooms_;  // a step reads one and writes the other
  std::size_t turn_ = 0;
};

/// HDF5's fletcher32: Fletcher's sums over big-endian 16-bit words, a last odd byte being the upper one of its word.
std::uint32_t fletcher32(std::span<const unsigned char> bytes);

/// Undoes shuffle: byte k of element i of `out` is `in[k * n + i]`, n elements. Bytes beyond the last whole element
/// stay where they are. `out` has the size of `in`.
void unshuffle(std::span<const unsigned char> in, std::size_t element_size, std::span<unsigned char> out);

}  // namespace snnl::hdf5
