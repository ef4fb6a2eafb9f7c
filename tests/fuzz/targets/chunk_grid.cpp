#include "fuzz/targets.hpp"
#include "snnl/hdf5/chunks/grid.hpp"

namespace fuzz {

void chunk_grid(std::string_view bytes) {
  using namespace snnl::hdf5;
  Input in(bytes);
  const std::size_t axes = 1 + in.number(4), element_size = 1 + in.number(8);
  Box box;
  std::vector<std::size_t> shape;
  std::size_t elements = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    box.start.push_back(in.number(40));
    box.count.push_back(1 + in.number(12));
    shape.push_back(1 + in.number(9));
    elements *= shape.back();
  }
  // Each element of a chunk tells where in the dataset it is; each of the box must be met once.
  std::vector<unsigned char> chunk(elements * element_size), out(box.elements() * element_size, 0);
  const auto mark = [](const std::vector<std::size_t>& place) {
    std::size_t sum = 0;
    for (const std::size_t one : place) sum = sum * 31 + one;
    return static_cast<unsigned char>(1 + sum % 255);
  };
  const auto at = [](std::size_t k, const std::vector<std::size_t>& origin, const std::vector<std::size_t>& extents) {
    std::vector<std::size_t> place(origin);
    for (std::size_t axis = extents.size(); axis-- > 0; k /= extents[axis]) place[axis] += k % extents[axis];
    return place;
  };
  for (ChunkGrid grid(box, shape); !grid.done(); grid.next()) {
    for (std::size_t k = 0; k < elements; ++k) {
      std::fill_n(chunk.begin() + static_cast<std::ptrdiff_t>(k * element_size), element_size,
                  mark(at(k, grid.origin(), shape)));
    }
    place_chunk(box, shape, grid.origin(), element_size, chunk.data(), out.data());
  }
  for (std::size_t k = 0; k < box.elements(); ++k) {
    for (std::size_t b = 0; b < element_size; ++b) {
      require(out[k * element_size + b] == mark(at(k, box.start, box.count)), "an element is not where it belongs");
    }
  }
}

}  // namespace fuzz
