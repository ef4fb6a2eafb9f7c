#pragma once

#include <cstddef>
#include <vector>

#include "snnl/hdf5/box.hpp"

namespace snnl::hdf5 {

/// The chunks of `shape` that share elements with a box, one after the other in row-major order. Box and chunks have
/// the same number of axes, at least one, and no extent is 0.
class ChunkGrid {
 public:
  ChunkGrid(const Box& box, const std::vector<std::size_t>& shape);

  bool done() const { return done_; }
  /// Where in the dataset the chunk begins; chunks at the end may reach beyond the dataset.
  const std::vector<std::size_t>& origin() const { return origin_; }
  void next();

 private:
  std::vector<std::size_t> shape_;
  std::vector<std::size_t> first_;  // origins
  std::vector<std::size_t> last_;
  std::vector<std::size_t> origin_;
  bool done_ = false;
};

/// Copies what the box and the chunk at `origin` have in common from `chunk` to `out`. Both are row-major, `chunk` with
/// the extents `shape`, `out` with those of the box; elements are of `element_size` bytes.
void place_chunk(const Box& box, const std::vector<std::size_t>& shape, const std::vector<std::size_t>& origin,
                 std::size_t element_size, const unsigned char* chunk, unsigned char* out);

}  // namespace snnl::hdf5
