#pragma once

#include <string>

namespace snnl::product {

// What OpenBLAS has beside BLAS. Apart from the products, as its header and that of xtensor-blas declare the same
// names.

/// Its name, version and the kernels it has chosen: "OpenBLAS 0.3.21 (Haswell)".
std::string openblas_description();
/// Threads it takes for a product.
int openblas_threads();
void openblas_set_threads(int count);

}  // namespace snnl::product
