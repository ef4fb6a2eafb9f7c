#include "snnl/product/packed/packed.hpp"

#include "snnl/simd/instruction_set.hpp"

namespace snnl::product {

#if defined(SNNL_SIMD_X86)
extern const Products<float> avx512_float, avx2_float, sse2_float;
extern const Products<double> avx512_double, avx2_double, sse2_double;
#define SNNL_PACKED(Real)                                      \
  template <>                                                  \
  const Products<Real>& packed<Real>() {                       \
    const simd::InstructionSet set = simd::instruction_set();  \
    return set == simd::InstructionSet::avx512 ? avx512_##Real \
           : set == simd::InstructionSet::avx2 ? avx2_##Real   \
                                               : sse2_##Real;  \
  }
#elif defined(SNNL_SIMD_NEON)
extern const Products<float> neon_float;
extern const Products<double> neon_double;
#define SNNL_PACKED(Real)                \
  template <>                            \
  const Products<Real>& packed<Real>() { \
    return neon_##Real;                  \
  }
#endif
SNNL_PACKED(float)
SNNL_PACKED(double)
#undef SNNL_PACKED

}  // namespace snnl::product
