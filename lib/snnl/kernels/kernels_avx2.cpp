#include "snnl/kernels/kernels_impl.hpp"

namespace snnl::kernels {

extern const Kernels<float> avx2_float;
extern const Kernels<double> avx2_double;
const Kernels<float> avx2_float = KernelSet<float, xsimd::fma3<xsimd::avx2>>::table;
const Kernels<double> avx2_double = KernelSet<double, xsimd::fma3<xsimd::avx2>>::table;

}  // namespace snnl::kernels
