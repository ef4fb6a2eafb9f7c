#include "snnl/simd/instruction_set.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>

namespace snnl::simd {
namespace {

struct Named {
  const char* name;
  InstructionSet set;
};

/// Best first. The compiler's own test is used, which also asks whether the system saves the wide registers.
std::vector<Named> usable_sets() {
  std::vector<Named> sets;
#if defined(SNNL_SIMD_X86)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    sets.push_back({"avx512", InstructionSet::avx512});
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back({"avx2", InstructionSet::avx2});
  sets.push_back({"sse2", InstructionSet::sse2});
#elif defined(SNNL_SIMD_NEON)
  sets.push_back({"neon", InstructionSet::neon});
#endif
  return sets;
}

const std::vector<Named>& sets() {
  static const std::vector<Named> all = usable_sets();
  return all;
}

std::size_t initial_set() {
  if (const char* wanted = std::getenv("SNNL_SIMD")) {
    for (std::size_t k = 0; k < sets().size(); ++k) {
      if (sets()[k].name == std::string(wanted)) return k;
    }
  }
  return 0;
}

std::atomic<std::size_t>& chosen() {
  static std::atomic<std::size_t> index{initial_set()};
  return index;
}

}  // namespace

InstructionSet instruction_set() { return sets()[chosen()].set; }

std::string name() { return sets()[chosen()].name; }

std::vector<std::string> available() {
  std::vector<std::string> names;
  for (const Named& set : sets()) names.emplace_back(set.name);
  return names;
}

void select(const std::string& name) {
  for (std::size_t k = 0; k < sets().size(); ++k) {
    if (sets()[k].name == name) {
      chosen() = k;
      return;
    }
  }
  throw std::invalid_argument("simd::select: this machine has no " + name);
}

}  // namespace snnl::simd
