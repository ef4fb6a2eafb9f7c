#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace snnl::isolation {

/// A page that a reading process shares with the one it reads for: what it is at, and that it gets on. Whoever reads
/// it believes nothing of it.
struct Slot {
  std::atomic<std::uint64_t> progress;
  std::atomic<std::uint32_t> own_work;  ///< not 0: busy with something that is not HDF5's
  std::atomic<std::uint32_t> file;      ///< index among the files asked for
  std::atomic<std::uint32_t> length;    ///< of `place`
  std::array<char, 4000> place;         ///< path, and after a NUL the attribute where it is at one
};
static_assert(sizeof(Slot) <= 4096);

/// What a slot says.
struct Place {
  std::size_t file = 0;
  std::string path, attribute;  ///< of the length that fits; may hold anything but NUL
};

void write_place(Slot& slot, const std::string& path, const std::string& attribute);
Place read_place(const Slot& slot);
/// As `read_place` would give them.
void cut_to_fit(std::string& path, std::string& attribute);

}  // namespace snnl::isolation
