#include "snnl/product/blas/eigenvectors.hpp"

#include <array>
#include <xtensor-blas/xblas.hpp>  // first: the other lacks what it needs
#include <xtensor-blas/xlapack.hpp>
#include <xtensor/xadapt.hpp>

namespace snnl::product {

bool symmetric_eigenvectors(double* matrix, std::size_t n, double* values) {
  // Column-major: a symmetric matrix is its own transpose, and LAPACK's columns are our rows.
  auto in_place =
      xt::adapt<xt::layout_type::column_major>(matrix, n * n, xt::no_ownership(), std::array<std::size_t, 2>{n, n});
  auto found = xt::adapt(values, n, xt::no_ownership(), std::array<std::size_t, 1>{n});
  return xt::lapack::syevd(in_place, 'V', 'L', found) == 0;
}

}  // namespace snnl::product
