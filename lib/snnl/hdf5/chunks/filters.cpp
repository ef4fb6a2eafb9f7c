#include "snnl/hdf5/chunks/filters.hpp"

#include <algorithm>

#include "snnl/error.hpp"

namespace snnl::hdf5 {
namespace {

constexpr std::size_t checksum_bytes = 4;

bool skips(std::uint32_t mask, std::size_t step) { return ((mask >> step) & 1u) != 0; }

// The size is a constant, so that compilers make vector code of it.
template <std::size_t Size>
void interleave(const unsigned char* in, std::size_t elements, unsigned char* out) {
  for (std::size_t i = 0; i < elements; ++i) {
    for (std::size_t k = 0; k < Size; ++k) out[Size * i + k] = in[k * elements + i];
  }
}

// Modulo 65535 in 16 bits, where only a sum of nothing but zeros is 0: 65535 stays.
std::uint64_t fold(std::uint64_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

bool checksum_fits(std::span<const unsigned char> bytes, std::span<const unsigned char> stored) {
  const std::uint32_t expected = fletcher32(bytes);
  const std::uint32_t found =
      stored[0] | std::uint32_t{stored[1]} << 8 | std::uint32_t{stored[2]} << 16 | std::uint32_t{stored[3]} << 24;
  // HDF5 before 1.6.3 wrote it with the bytes of each half swapped on little-endian machines, and later ones accept
  // that.
  const std::uint32_t swapped = (found & 0x00ff00ffu) << 8 | (found & 0xff00ff00u) >> 8;
  return found == expected || swapped == expected;
}

}  // namespace

ChunkDecoder::ChunkDecoder(const std::vector<FilterStep>& steps, std::size_t chunk_bytes)
    : steps_(steps), chunk_bytes_(chunk_bytes) {}

std::span<unsigned char> ChunkDecoder::room(std::size_t size) {
  turn_ = 1 - turn_;
  if (rooms_[turn_].size() < size) rooms_[turn_].resize(size);
  return {rooms_[turn_].data(), size};
}

std::span<const unsigned char> ChunkDecoder::decode(std::span<const unsigned char> stored, std::uint32_t skipped) {
  std::span<const unsigned char> bytes = stored;
  for (std::size_t i = steps_.size(); i-- > 0;) {
    if (skips(skipped, i)) continue;
    switch (steps_[i].filter) {
      case ChunkFilter::deflate: {
        std::size_t size = chunk_bytes_;
        for (std::size_t k = 0; k < i; ++k) {
          if (steps_[k].filter == ChunkFilter::fletcher32 && !skips(skipped, k)) size += checksum_bytes;
        }
        const auto out = room(size);
        if (!inflater_.inflate(bytes, out)) throw Error("its gzip data are damaged");
        bytes = out;
        break;
      }
      case ChunkFilter::shuffle: {
        const std::size_t element = steps_[i].element_size;
        if (element <= 1 || bytes.size() / element <= 1) break;
        const auto out = room(bytes.size());
        unshuffle(bytes, element, out);
        bytes = out;
        break;
      }
      case ChunkFilter::fletcher32: {
        const std::size_t size = bytes.size() - std::min(bytes.size(), checksum_bytes);
        if (bytes.size() < checksum_bytes || !checksum_fits(bytes.first(size), bytes.subspan(size))) {
          throw Error("its checksum is wrong");
        }
        bytes = bytes.first(size);
        break;
      }
    }
  }
  if (bytes.size() != chunk_bytes_) throw Error("it is of the wrong size");
  return bytes;
}

std::uint32_t fletcher32(std::span<const unsigned char> bytes) {
  constexpr std::size_t block = 1 << 17;  // bytes; even, and few enough for sums of 64 bits
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (std::size_t begin = 0; begin < bytes.size(); begin += block) {
    const auto part = bytes.subspan(begin, std::min(block, bytes.size() - begin));
    for (std::size_t i = 0; i < part.size(); i += 2) {
      first += (std::uint32_t{part[i]} << 8) | (i + 1 < part.size() ? part[i + 1] : 0u);
      second += first;
    }
    first = fold(first);
    second = fold(second);
  }
  return static_cast<std::uint32_t>(second << 16 | first);
}

void unshuffle(std::span<const unsigned char> in, std::size_t element_size, std::span<unsigned char> out) {
  const std::size_t elements = in.size() / element_size;
  const std::size_t whole = elements * element_size;
  switch (element_size) {
    case 2:
      interleave<2>(in.data(), elements, out.data());
      break;
    case 4:
      interleave<4>(in.data(), elements, out.data());
      break;
    case 8:
      interleave<8>(in.data(), elements, out.data());
      break;
    default:
      for (std::size_t k = 0; k < element_size; ++k) {
        for (std::size_t i = 0; i < elements; ++i) out[element_size * i + k] = in[k * elements + i];
      }
  }
  std::copy(in.begin() + static_cast<std::ptrdiff_t>(whole), in.end(),
            out.begin() + static_cast<std::ptrdiff_t>(whole));
}

}  // namespace snnl::hdf5
