#include "snnl/isolation/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <new>

#include "snnl/isolation/codec.hpp"
#include "snnl/memory/buffer.hpp"

namespace snnl::isolation {
namespace {

constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

}  // namespace

SharedMemory::SharedMemory(std::size_t bytes, bool is_shared) : size_(std::max<std::size_t>(bytes, 1)) {
  if (is_shared) descriptor_ = Descriptor(::memfd_create("snnl", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (descriptor_ && ::ftruncate(descriptor_.get(), static_cast<off_t>(size_)) == 0) {
    void* const memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_.get(), 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(memory);
    prefer_large_pages(data_, size_);
    return;
  }
  descriptor_.reset();
  data_ = static_cast<std::byte*>(allocate_large(size_));
}

SharedMemory::~SharedMemory() {
  if (descriptor_) {
    if (data_) ::munmap(data_, size_);
  } else {
    free_large(data_);
  }
}

Descriptor SharedMemory::seal() {
  if (!descriptor_) return {};
  ::munmap(std::exchange(data_, nullptr), size_);
  ::fcntl(descriptor_.get(), F_ADD_SEALS, seals);
  return std::move(descriptor_);
}

std::shared_ptr<const std::byte> map_sealed(const Descriptor& descriptor, std::size_t bytes) {
  const int found = ::fcntl(descriptor.get(), F_GET_SEALS);
  struct stat info {};
  if (found < 0 || (found & seals) != seals || ::fstat(descriptor.get(), &info) != 0 ||
      static_cast<std::size_t>(info.st_size) < bytes) {
    throw Malformed();
  }
  void* const memory = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor.get(), 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return {static_cast<const std::byte*>(memory),
          [bytes](const std::byte* data) { ::munmap(const_cast<std::byte*>(data), bytes); }};
}

}  // namespace snnl::isolation
