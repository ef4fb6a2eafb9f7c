#include "snnl/kernels/kernels.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

namespace snnl {
namespace simd {

#if defined(SNNL_SIMD_X86)
extern const Kernels<float> avx512_float, avx2_float, sse2_float;
extern const Kernels<double> avx512_double, avx2_double, sse2_double;
#elif defined(SNNL_SIMD_NEON)
extern const Kernels<float> neon_float;
extern const Kernels<double> neon_double;
#endif

}  // namespace simd

namespace {

struct InstructionSet {
  const char* name;
  const Kernels<float>* single;
  const Kernels<double>* twice;
};

/// Best first. The compiler's own test is used, which also asks whether the system saves the wide registers.
std::vector<InstructionSet> usable_sets() {
  std::vector<InstructionSet> sets;
#if defined(SNNL_SIMD_X86)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    sets.push_back({"avx512", &simd::avx512_float, &simd::avx512_double});
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    sets.push_back({"avx2", &simd::avx2_float, &simd::avx2_double});
  }
  sets.push_back({"sse2", &simd::sse2_float, &simd::sse2_double});
#elif defined(SNNL_SIMD_NEON)
  sets.push_back({"neon", &simd::neon_float, &simd::neon_double});
#endif
  return sets;
}

const std::vector<InstructionSet>& sets() {
  static const std::vector<InstructionSet> all = usable_sets();
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

template <>
const Kernels<float>& kernels<float>() {
  return *sets()[chosen()].single;
}

template <>
const Kernels<double>& kernels<double>() {
  return *sets()[chosen()].twice;
}

std::string simd_name() { return sets()[chosen()].name; }

std::vector<std::string> simd_available() {
  std::vector<std::string> names;
  for (const InstructionSet& set : sets()) names.emplace_back(set.name);
  return names;
}

void simd_select(const std::string& name) {
  for (std::size_t k = 0; k < sets().size(); ++k) {
    if (sets()[k].name == name) {
      chosen() = k;
      return;
    }
  }
  throw std::invalid_argument("simd_select: this machine has no " + name);
}

}  // namespace snnl
