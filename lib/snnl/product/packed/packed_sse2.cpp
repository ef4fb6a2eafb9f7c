#include "snnl/product/packed/packed_impl.hpp"

namespace snnl::product {

extern const Products<float> sse2_float;
extern const Products<double> sse2_double;
const Products<float> sse2_float = Packed<float, xsimd::sse2>::table;
const Products<double> sse2_double = Packed<double, xsimd::sse2>::table;

}  // namespace snnl::product
