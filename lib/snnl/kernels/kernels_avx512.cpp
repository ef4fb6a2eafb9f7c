#include "snnl/kernels/kernels_impl.hpp"

namespace snnl::kernels {

extern const Kernels<float> avx512_float;
extern const Kernels<double> avx512_double;
const Kernels<float> avx512_float = KernelSet<float, xsimd::avx512bw>::table;
const Kernels<double> avx512_double = KernelSet<double, xsimd::avx512bw>::table;

}  // namespace snnl::kernels
