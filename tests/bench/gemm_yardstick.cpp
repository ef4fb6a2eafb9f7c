#include "gemm_yardstick.hpp"

#include <cblas.h>

#include <sstream>

namespace bench {

GemmYardstick::GemmYardstick(const xt::xtensor<float, 2>& x, std::size_t threads)
    : x_(x), threads_(static_cast<int>(threads)), product_(x.shape(0) * x.shape(0)) {}

void GemmYardstick::operator()() {
  const auto n = static_cast<int>(x_.shape(0)), d = static_cast<int>(x_.shape(1));
  openblas_set_num_threads(threads_);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, d, 1.f, x_.data(), d, x_.data(), d, 0.f, product_.data(),
              n);
}

std::string blas_description() {
  std::istringstream config(openblas_get_config());
  std::string name, number;
  config >> name >> number;
  return name + " " + number + " (" + openblas_get_corename() + ")";
}

}  // namespace bench
