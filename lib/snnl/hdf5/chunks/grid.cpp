#include "snnl/hdf5/chunks/grid.hpp"

#include <algorithm>
#include <cstring>

namespace snnl::hdf5 {

ChunkGrid::ChunkGrid(const Box& box, const std::vector<std::size_t>& shape) : shape_(shape) {
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const std::size_t end = box.start[axis] + box.count[axis];
    first_.push_back(box.start[axis] / shape[axis] * shape[axis]);
    last_.push_back((end - 1) / shape[axis] * shape[axis]);
  }
  origin_ = first_;
}

void ChunkGrid::next() {
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    if (origin_[axis] != last_[axis]) {
      origin_[axis] += shape_[axis];
      return;
    }
    origin_[axis] = first_[axis];
  }
  done_ = true;
}

void place_chunk(const Box& box, const std::vector<std::size_t>& shape, const std::vector<std::size_t>& origin,
                 std::size_t element_size, const unsigned char* chunk, unsigned char* out) {
  const std::size_t axes = shape.size();
  std::vector<std::size_t> common(axes);
  std::vector<std::size_t> chunk_step(axes);  // bytes from one element to the next along the axis
  std::vector<std::size_t> out_step(axes);
  std::size_t chunk_bytes = element_size;
  std::size_t out_bytes = element_size;
  for (std::size_t axis = axes; axis-- > 0;) {
    const std::size_t begin = std::max(origin[axis], box.start[axis]);
    // Not origin + shape: the end of a chunk beyond the dataset might not be a number.
    common[axis] = std::min(shape[axis] - (begin - origin[axis]), box.count[axis] - (begin - box.start[axis]));
    chunk_step[axis] = chunk_bytes;
    out_step[axis] = out_bytes;
    chunk += (begin - origin[axis]) * chunk_step[axis];
    out += (begin - box.start[axis]) * out_step[axis];
    chunk_bytes *= shape[axis];
    out_bytes *= box.count[axis];
  }

  // The axes from `inner` on are one run of bytes, in the chunk and outside.
  std::size_t inner = axes - 1;
  while (inner > 0 && common[inner] == shape[inner] && common[inner] == box.count[inner]) --inner;
  const std::size_t run = common[inner] * out_step[inner];

  std::vector<std::size_t> at(inner, 0);
  while (true) {
    std::memcpy(out, chunk, run);
    std::size_t axis = inner;
    while (axis-- > 0) {
      if (++at[axis] < common[axis]) break;
      at[axis] = 0;
      chunk -= (common[axis] - 1) * chunk_step[axis];
      out -= (common[axis] - 1) * out_step[axis];
    }
    if (axis == static_cast<std::size_t>(-1)) return;
    chunk += chunk_step[axis];
    out += out_step[axis];
  }
}

}  // namespace snnl::hdf5
