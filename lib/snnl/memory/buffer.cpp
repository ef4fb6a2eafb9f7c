#include "snnl/memory/buffer.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace snnl::memory {
namespace {

constexpr std::size_t large_page = std::size_t{2} << 20;
constexpr std::size_t line = 64;

}  // namespace

void prefer_large_pages(void* memory, std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
  const auto begin = reinterpret_cast<std::uintptr_t>(memory), end = begin + bytes;
  const std::uintptr_t first = (begin + large_page - 1) / large_page * large_page;
  if (first + large_page <= end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)bytes;
#endif
}

void* allocate_large(std::size_t bytes) {
  const std::size_t alignment = bytes >= large_page ? large_page : line;
  void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (!memory && bytes > 0) throw std::bad_alloc();
  prefer_large_pages(memory, bytes);
  return memory;
}

void free_large(void* memory) { std::free(memory); }

}  // namespace snnl::memory
