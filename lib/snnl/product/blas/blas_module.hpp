#pragma once

#include <string>

#include "snnl/product/dense.hpp"
#include "snnl/product/product_table.hpp"

namespace snnl::product {

/// What the module of BLAS holds. It is loaded where BLAS is to multiply, and not linked: OpenBLAS starts threads and
/// takes memory as soon as it is loaded, and ends or hangs where there are none to be had.
struct BlasMakers {
  const Products<float>* single = nullptr;
  const Products<double>* twice = nullptr;
  /// Name, version and the kernels it has chosen: "OpenBLAS 0.3.21 (Haswell)".
  std::string (*description)() = nullptr;
  /// Threads of its own.
  int (*threads)() = nullptr;
  void (*set_threads)(int) = nullptr;
  /// product::multiply.
  void (*multiply)(const Dense<const double>& a, bool transpose_a, const Dense<const double>& b, bool transpose_b,
                   double beta, const Dense<double>& out) = nullptr;
  /// Of a symmetric matrix [n, n]: eigenvalues, ascending, and as rows of `matrix` their vectors. False where LAPACK
  /// finds none.
  bool (*eigenvectors)(double* matrix, std::size_t n, double* values) = nullptr;
};

using BlasEntry = void(BlasMakers& out);
extern "C" BlasEntry snnl_blas_makers;

}  // namespace snnl::product
