#include "snnl/product/packed/packed_impl.hpp"

namespace snnl::product {

extern const Products<float> avx512_float;
extern const Products<double> avx512_double;
const Products<float> avx512_float = Packed<float, xsimd::avx512bw>::table;
const Products<double> avx512_double = Packed<double, xsimd::avx512bw>::table;

}  // namespace snnl::product
