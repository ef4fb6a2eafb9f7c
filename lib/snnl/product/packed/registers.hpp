#pragma once

#include <cstddef>
#include <utility>

namespace snnl::simd {

// What a product holds in registers: so many rows of its left operand, times so many batches of columns of its right
// one, with as many as a batch of columns needs left over. There are 32 registers in AVX-512 and NEON, 16 in AVX2 and
// SSE2, of which SSE2 spends one on each product. Internal linkage: each instruction set has its own.
namespace {
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr std::size_t rows_in_registers = 8, batches_in_registers = 3;
#elif defined(__AVX2__)
constexpr std::size_t rows_in_registers = 4, batches_in_registers = 3;
#else
constexpr std::size_t rows_in_registers = 2, batches_in_registers = 4;
#endif
}  // namespace

template <class Function, std::size_t... K>
[[gnu::always_inline]] inline void each_of(const Function& f, std::index_sequence<K...>) {
  (f(std::integral_constant<std::size_t, K>()), ...);
}

/// f(0), f(1) .. f(Count - 1), the numbers known to the compiler: arrays indexed by them become registers. Loops are
/// not always unrolled in time for that.
template <std::size_t Count, class Function>
[[gnu::always_inline]] inline void each(const Function& f) {
  each_of(f, std::make_index_sequence<Count>());
}

}  // namespace snnl::simd
