#include "snnl/product/packed/packed_impl.hpp"

namespace snnl::product {

extern const Products<float> avx2_float;
extern const Products<double> avx2_double;
const Products<float> avx2_float = Packed<float, xsimd::fma3<xsimd::avx2>>::table;
const Products<double> avx2_double = Packed<double, xsimd::fma3<xsimd::avx2>>::table;

}  // namespace snnl::product
