#include "snnl/product/packed/packed_impl.hpp"

namespace snnl::product {

extern const Products<float> neon_float;
extern const Products<double> neon_double;
const Products<float> neon_float = Packed<float, xsimd::neon64>::table;
const Products<double> neon_double = Packed<double, xsimd::neon64>::table;

}  // namespace snnl::product
