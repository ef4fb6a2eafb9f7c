// libFuzzer's entry to one target, SNNL_FUZZ_TARGET.
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::SNNL_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
