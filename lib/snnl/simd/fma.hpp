#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>

namespace snnl::simd {

/// x * y + z, with one rounding where the instruction set Arch has that. xsimd has a product and a sum for AVX-512,
/// which compilers make one of as they see fit.
template <class Real, class Arch>
[[gnu::always_inline]] inline xsimd::batch<Real, Arch> fma(const xsimd::batch<Real, Arch>& x,
                                                           const xsimd::batch<Real, Arch>& y,
                                                           const xsimd::batch<Real, Arch>& z) {
#if defined(__AVX512F__)
  if constexpr (std::is_same_v<Real, double>) {
    return _mm512_fmadd_pd(x, y, z);
  } else {
    return _mm512_fmadd_ps(x, y, z);
  }
#else
  return xsimd::fma(x, y, z);
#endif
}

}  // namespace snnl::simd
