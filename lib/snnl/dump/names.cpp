#include "snnl/dump/names.hpp"

namespace snnl {

template <>
const std::vector<engine::Named<dump::Nonfinite>>& engine::all_named() {
  static const std::vector<engine::Named<dump::Nonfinite>> all = {{dump::Nonfinite::error, "error"},
                                                                  {dump::Nonfinite::drop, "drop"}};
  return all;
}

const char* dump::name_of(Nonfinite nonfinite) { return engine::name_among(nonfinite); }

}  // namespace snnl
