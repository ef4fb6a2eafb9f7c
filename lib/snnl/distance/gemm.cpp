#include "snnl/distance/gemm.hpp"

#include <array>
#include <limits>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <xtensor-blas/xblas.hpp>
#include <xtensor/xadapt.hpp>

// OpenBLAS' own entry points, which cblas.h of other vendors lacks.
extern "C" {
int openblas_get_num_threads(void);
void openblas_set_num_threads(int);
char* openblas_get_corename(void);
char* openblas_get_config(void);
}

namespace snnl {
namespace {

template <class T>
auto adapt(MatrixView<T> m) {
  return xt::adapt<xt::layout_type::row_major>(m.data, m.rows * m.cols, xt::no_ownership(),
                                               std::array<std::size_t, 2>{m.rows, m.cols});
}

template <class Real>
void checked_gemm(double alpha, MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c) {
  if (a.cols != b.cols || c.rows != a.rows || c.cols != b.rows) {
    std::ostringstream message;
    message << "gemm_abt: shapes [" << a.rows << ", " << a.cols << "] x [" << b.rows << ", " << b.cols << "]^T -> ["
            << c.rows << ", " << c.cols << "] do not fit";
    throw std::invalid_argument(message.str());
  }
  if (a.cols == 0 || a.cols > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::invalid_argument("gemm_abt: inner dimension out of range");
  }
  if (c.rows == 0 || c.cols == 0) return;
  const auto left = adapt(a);
  const auto right = adapt(b);
  auto result = adapt(c);
  // xt::blas::gemm passes row-major operands of known layout through without a copy; xt::linalg::dot would take a
  // SYRK short cut when both begin at the same address, without comparing shapes.
  xt::blas::gemm(left, right, result, false, true, static_cast<Real>(alpha), Real(0));
}

std::mutex blas_mutex;
int blas_users = 0;
int blas_threads_before = 1;

std::string describe_blas() {
  std::istringstream config(openblas_get_config());
  std::string name, number;
  config >> name >> number;
  return name + " " + number + " (" + openblas_get_corename() + ")";
}

}  // namespace

void gemm_abt(double alpha, MatrixView<const float> a, MatrixView<const float> b, MatrixView<float> c) {
  checked_gemm(alpha, a, b, c);
}

void gemm_abt(double alpha, MatrixView<const double> a, MatrixView<const double> b, MatrixView<double> c) {
  checked_gemm(alpha, a, b, c);
}

SingleThreadedBlas::SingleThreadedBlas() {
  const std::lock_guard lock(blas_mutex);
  if (blas_users++ == 0) {
    blas_threads_before = openblas_get_num_threads();
    openblas_set_num_threads(1);
  }
}

SingleThreadedBlas::~SingleThreadedBlas() {
  const std::lock_guard lock(blas_mutex);
  if (--blas_users == 0) openblas_set_num_threads(blas_threads_before);
}

const char* blas_description() {
  static const std::string text = describe_blas();
  return text.c_str();
}

}  // namespace snnl
