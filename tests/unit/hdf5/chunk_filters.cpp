#include <doctest/doctest.h>

#include "snnl/hdf5/chunks/filters.hpp"

namespace hdf5 = snnl::hdf5;

TEST_CASE("unshuffle and fletcher32 are what HDF5 defines") {
  std::vector<unsigned char> in(23);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<unsigned char>(i);
  for (const std::size_t size : {2u, 3u, 4u, 5u, 8u, 16u}) {
    CAPTURE(size);
    std::vector<unsigned char> out(in.size(), 0xff);
    hdf5::unshuffle(in, size, out);
    const std::size_t elements = in.size() / size;
    bool right = true;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const std::size_t expected = i < elements * size ? (i % size) * elements + i / size : i;
      right = right && out[i] == expected;
    }
    CHECK(right);
  }
  // By hand: the words 0x0102, 0x0304 and 0x0500 add up to 0x0906, and their running sums to 0x0e0e.
  CHECK(hdf5::fletcher32(std::vector<unsigned char>{1, 2, 3, 4, 5}) == 0x0e0e0906u);
  CHECK(hdf5::fletcher32(std::vector<unsigned char>(1000, 0)) == 0);
  CHECK(hdf5::fletcher32(std::vector<unsigned char>(2, 0xff)) == 0xffffffffu);
}
