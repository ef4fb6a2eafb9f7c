#pragma once

#include <cstddef>
#include <memory>

#include "snnl/isolation/descriptor.hpp"

namespace snnl::isolation {

/// Memory that is handed to another process: written by one, then sealed, then read by the other.
class SharedMemory {
 public:
  /// Makes it. Without a descriptor, in memory of this process alone, where it is not to be shared, the system has
  /// none to share, or a limit on the size of files forbids it. Throws std::bad_alloc.
  explicit SharedMemory(std::size_t bytes, bool is_shared = true);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  /// Takes it away from this process, after which nobody can change it. No descriptor where there is none.
  Descriptor seal();

 private:
  Descriptor descriptor_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// What is in sealed memory that somebody else made, to read. Throws Malformed where it can still be changed or is
/// smaller than `bytes`, std::bad_alloc where it cannot be mapped.
std::shared_ptr<const std::byte> map_sealed(const Descriptor& descriptor, std::size_t bytes);

}  // namespace snnl::isolation
