#include "check/rules.hpp"
#include "fuzz/targets.hpp"
#include "snnl/error.hpp"

namespace fuzz {

void check_config(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const snnl::check::Config config = snnl::check::read_config(file.path());
    for (const auto& tolerance : config.rules.tolerances) require(tolerance.value >= 0, "a tolerance is negative");
  } catch (const snnl::Error&) {
  }
}

}  // namespace fuzz
