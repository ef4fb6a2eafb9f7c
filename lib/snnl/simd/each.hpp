#pragma once

#include <cstddef>
#include <utility>

namespace snnl::simd {

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
