#pragma once

#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace snnl::kernels {

/// (2^f - 1) / f for f in [-1/2, 1/2] is interpolated at its Chebyshev nodes; this is 1 + f times that.
template <class Float>
inline Float exp2_fraction(const Float& f) {
  Float p = Float(0.00015453162948990566f);
  p = xsimd::fma(p, f, Float(0.0013390863364604853f));
  p = xsimd::fma(p, f, Float(0.00961808255726639f));
  p = xsimd::fma(p, f, Float(0.055503571142195f));
  p = xsimd::fma(p, f, Float(0.24022650760568226f));
  p = xsimd::fma(p, f, Float(0.6931471882262288f));
  return xsimd::fma(p, f, Float(1.f));
}

/// 2^u in float, relative error below 1e-7, for u <= 126; 0 for u < -125; 2^126 for larger u.
template <class Arch>
inline xsimd::batch<float, Arch> exp2_weight(const xsimd::batch<float, Arch>& u) {
  using Float = xsimd::batch<float, Arch>;
#if defined(__AVX512F__)
  // AVX-512 rounds, scales by powers of two and leaves lanes at zero in one instruction each.
  const __m512 bounded = _mm512_min_ps(u, _mm512_set1_ps(126.f));
  const __m512 whole = _mm512_roundscale_ps(bounded, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const Float p = exp2_fraction(Float(_mm512_sub_ps(bounded, whole)));
  const __mmask16 inside = _mm512_cmp_ps_mask(bounded, _mm512_set1_ps(-125.f), _CMP_GE_OQ);
  return _mm512_maskz_scalef_ps(inside, p, whole);
#else
  using Int = xsimd::batch<std::int32_t, Arch>;
  const Float bounded = xsimd::min(xsimd::max(u, Float(-126.f)), Float(126.f));
  const Int whole = xsimd::nearbyint_as_int(bounded);
  const Float p = exp2_fraction(bounded - xsimd::to_float(whole));
  // p lies in [0.7, 1.42], so adding to its exponent bits stays among the normal numbers for whole > -126.
  const Float scaled = xsimd::bitwise_cast<Float>(xsimd::bitwise_cast<Int>(p) + (whole << 23));
  return xsimd::select(u < Float(-125.f), Float(0.f), scaled);
#endif
}

/// 2^u in double for u <= 1000; 0 for u < -1000; 2^1000 for larger u.
template <class Arch>
inline xsimd::batch<double, Arch> exp2_weight(const xsimd::batch<double, Arch>& u) {
  using Double = xsimd::batch<double, Arch>;
  const Double bounded = xsimd::min(xsimd::max(u, Double(-1000.)), Double(1000.));
  return xsimd::select(u < Double(-1000.), Double(0.), xsimd::exp2(bounded));
}

/// The smallest u whose weight is not 0: what stands for u in u 2^u where the weight is 0.
template <class Real>
inline constexpr Real lowest_exponent = Real(-126);
template <>
inline constexpr double lowest_exponent<double> = -1001.;

}  // namespace snnl::kernels
