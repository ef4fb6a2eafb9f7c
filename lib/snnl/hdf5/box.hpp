#pragma once

#include <cstddef>
#include <vector>

namespace snnl::hdf5 {

/// A box of a dataset: `count` elements from `start` on, along each of its axes.
struct Box {
  std::vector<std::size_t> start;
  std::vector<std::size_t> count;

  std::size_t elements() const {
    std::size_t product = 1;
    for (const std::size_t extent : count) product *= extent;
    return product;
  }
};

}  // namespace snnl::hdf5
