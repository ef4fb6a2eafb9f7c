#include "train/idx.hpp"

#include "fuzz/targets.hpp"
#include "snnl/error.hpp"

namespace fuzz {

void idx(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const train::IdxArray array = train::read_idx(file.path());
    std::size_t size = 1;
    for (const std::size_t extent : array.shape) size *= extent;
    require(size == array.values.size(), "an array has another size than its shape says");
  } catch (const snnl::Error&) {
  }
}

}  // namespace fuzz
