#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace snnl::memory {

/// Asks the system to back this memory, not yet written, by large pages, as far as whole ones fit. Changes speed only.
void prefer_large_pages(void* memory, std::size_t bytes);

/// Memory from the system in large pages where it has them, so that touching it for the first time costs little.
/// Throws std::bad_alloc.
void* allocate_large(std::size_t bytes);
void free_large(void* memory);

/// Makes `values` hold `size` zeros, in large pages where it holds nothing yet.
template <class T>
void assign_zeros(std::vector<T>& values, std::size_t size) {
  values.reserve(size);
  if (values.empty()) prefer_large_pages(values.data(), size * sizeof(T));
  values.assign(size, T(0));
}

/// `size` elements of a trivial type, not set to anything: its pages belong to the thread that first writes them.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) : data_(static_cast<T*>(allocate_large(size * sizeof(T)))) {}

  explicit operator bool() const { return data_ != nullptr; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* p) const { free_large(p); }
  };
  std::unique_ptr<T, Free> data_;
};

}  // namespace snnl::memory
