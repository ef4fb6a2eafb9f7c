#pragma once

#include <cstddef>
#include <vector>

namespace snnl::product {

/// A row-major matrix somebody else owns, whose rows begin `stride` apart: element (i, j) is data[i * stride + j].
template <class T>
struct Dense {
  T* data = nullptr;
  std::size_t rows = 0, cols = 0, stride = 0;
};

/// Dense algebra by BLAS and LAPACK alone, for what is no product of distances. `for_what` begins the message of the
/// snnl::Error that is thrown where they are not to be had: "whitening".
void require_dense(const char* for_what);

/// out = op(a) op(b) + beta out, with op(m) = m, or its transpose. Looked at in a few places as it is made: throws
/// WrongProducts where one is wrong. To be called between a OneThread and its end, on any thread, after require_dense.
void multiply(const Dense<const double>& a, bool transpose_a, const Dense<const double>& b, bool transpose_b,
              double beta, const Dense<double>& out);

/// Eigenvalues of a symmetric matrix [n, n], ascending; its rows become their eigenvectors, of length one. As multiply,
/// but not looked at. Throws snnl::Error where LAPACK finds none.
std::vector<double> eigenvectors(double* matrix, std::size_t n);

}  // namespace snnl::product
