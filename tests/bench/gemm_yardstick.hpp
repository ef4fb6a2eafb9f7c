#pragma once

#include <cstddef>
#include <string>
#include <vector>
#include <xtensor/xtensor.hpp>

namespace bench {

/// What the searches are held against: one cblas_sgemm of X X^T, [n, d] x [d, n], row-major float, by OpenBLAS on its
/// own threads. Its result is allocated and touched once, so that the timed calls do not pay for fresh pages.
class GemmYardstick {
 public:
  GemmYardstick(const xt::xtensor<float, 2>& x, std::size_t threads);
  void operator()();

 private:
  const xt::xtensor<float, 2>& x_;
  int threads_;
  std::vector<float> product_;
};

/// Its name, version and kernel, "OpenBLAS 0.3.21 (Haswell)".
std::string blas_description();

}  // namespace bench
