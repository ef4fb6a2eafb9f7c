#include "snnl/kernels/kernels_impl.hpp"

namespace snnl::kernels {

extern const Kernels<float> neon_float;
extern const Kernels<double> neon_double;
const Kernels<float> neon_float = KernelSet<float, xsimd::neon64>::table;
const Kernels<double> neon_double = KernelSet<double, xsimd::neon64>::table;

}  // namespace snnl::kernels
