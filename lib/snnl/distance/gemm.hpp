#pragma once

#include "snnl/distance/matrix_view.hpp"

namespace snnl {

/// C = alpha * A * B^T, for A [m, k], B [n, k], C [m, n]. The only door to BLAS; runs on the calling thread while a
/// SingleThreadedBlas is alive. Throws std::invalid_argument when the shapes do not fit each other.
void gemm_abt(double alpha, MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c);
void gemm_abt(double alpha, MatrixView<const double> a, MatrixView<const double> b, MatrixView<double> c);

/// While one of these is alive, BLAS does not start threads of its own: ours share the work, and OpenBLAS' own
/// threads would make the last bits depend on their number. Nests, also across threads; the last one restores.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas();
  ~SingleThreadedBlas();
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;
};

/// Name, version and kernel of the BLAS in use, "OpenBLAS 0.3.21 (Haswell)".
const char* blas_description();

}  // namespace snnl
