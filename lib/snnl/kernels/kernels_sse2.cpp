#include "snnl/kernels/kernels_impl.hpp"

namespace snnl::kernels {

extern const Kernels<float> sse2_float;
extern const Kernels<double> sse2_double;
const Kernels<float> sse2_float = KernelSet<float, xsimd::sse2>::table;
const Kernels<double> sse2_double = KernelSet<double, xsimd::sse2>::table;

}  // namespace snnl::kernels
