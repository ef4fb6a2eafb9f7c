#include "snnl/kernels/kernels.hpp"

#include "snnl/simd/instruction_set.hpp"

namespace snnl::kernels {

#if defined(SNNL_SIMD_X86)
extern const Kernels<float> avx512_float, avx2_float, sse2_float;
extern const Kernels<double> avx512_double, avx2_double, sse2_double;
#elif defined(SNNL_SIMD_NEON)
extern const Kernels<float> neon_float;
extern const Kernels<double> neon_double;
#endif

#if defined(SNNL_SIMD_X86)
#define SNNL_KERNELS(Real)                                     \
  template <>                                                  \
  const Kernels<Real>& in_use<Real>() {                        \
    const simd::InstructionSet set = simd::instruction_set();  \
    return set == simd::InstructionSet::avx512 ? avx512_##Real \
           : set == simd::InstructionSet::avx2 ? avx2_##Real   \
                                               : sse2_##Real;  \
  }
#elif defined(SNNL_SIMD_NEON)
#define SNNL_KERNELS(Real)              \
  template <>                           \
  const Kernels<Real>& in_use<Real>() { \
    return neon_##Real;                 \
  }
#endif
SNNL_KERNELS(float)
SNNL_KERNELS(double)
#undef SNNL_KERNELS

}  // namespace snnl::kernels
