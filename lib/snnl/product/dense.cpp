#include "snnl/product/dense.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "snnl/error.hpp"
#include "snnl/product/blas/load_blas.hpp"
#include "snnl/product/blas/spot_check.hpp"
#include "snnl/product/products.hpp"

namespace snnl::product {

void require_dense(const char* for_what) {
  const Blas& found = shared_blas();
  if (!found.there) {
    throw Error("",
                std::string(for_what).append(" needs BLAS, which was not found, or there is too little memory for it"));
  }
  if (!found.sound) throw WrongProducts(found.makers.description(), "nothing else makes these");
}

void multiply(const Dense<const double>& a, bool transpose_a, const Dense<const double>& b, bool transpose_b,
              double beta, const Dense<double>& out) {
  if (out.rows == 0 || out.cols == 0) return;
  const SpotCheck at(out.rows, out.cols);
  std::array<double, SpotCheck::count> before{};
  for (std::size_t k = 0; beta != 0 && k < at.spots.size(); ++k) {
    before[k] = out.data[at.spots[k].row * out.stride + at.spots[k].col];
  }
  blas().makers.multiply(a, transpose_a, b, transpose_b, beta, out);
  const std::size_t terms = transpose_a ? a.rows : a.cols;
  for (std::size_t k = 0; k < at.spots.size(); ++k) {
    const auto& [i, j] = at.spots[k];
    double sum = beta * before[k], size = std::abs(sum);
    for (std::size_t t = 0; t < terms; ++t) {
      const double left = transpose_a ? a.data[t * a.stride + i] : a.data[i * a.stride + t];
      const double right = transpose_b ? b.data[j * b.stride + t] : b.data[t * b.stride + j];
      sum += left * right;
      size += std::abs(left * right);
    }
    if (!agree<double>(out.data[i * out.stride + j], sum, terms, size))
      throw WrongProducts(blas().makers.description(), "nothing else makes these");
  }
}

std::vector<double> eigenvectors(double* matrix, std::size_t n) {
  std::vector<double> values(n);
  if (n > 0 && !blas().makers.eigenvectors(matrix, n, values.data())) {
    throw Error("", "LAPACK found no eigenvectors of the covariance");
  }
  return values;
}

}  // namespace snnl::product
