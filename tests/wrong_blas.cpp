// A BLAS that is right but for products of SNNL_TEST_WRONG_TERMS terms, of which all but the first row and column are
// wrong, as where a kernel is broken for some shapes: for LD_PRELOAD.

#include <cstdlib>

namespace {

template <class Real>
void multiply(int order, int trans_a, int trans_b, int m, int n, int k, Real alpha, const Real* a, int lda,
              const Real* b, int ldb, Real beta, Real* c, int ldc) {
  constexpr int row_major = 101, no_trans = 111;
  if (order != row_major) std::abort();
  const char* const wrong = std::getenv("SNNL_TEST_WRONG_TERMS");
  const bool broken = wrong && std::atoi(wrong) == k;
  const auto at = [](int i, int j, int stride) { return static_cast<long>(i) * stride + j; };
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int f = 0; f < k; ++f) {
        const Real x = trans_a == no_trans ? a[at(i, f, lda)] : a[at(f, i, lda)];
        const Real y = trans_b == no_trans ? b[at(f, j, ldb)] : b[at(j, f, ldb)];
        sum += static_cast<double>(x) * static_cast<double>(y);
      }
      if (broken && i > 0 && j > 0) sum += 1;
      Real& out = c[at(i, j, ldc)];
      out = static_cast<Real>(static_cast<double>(alpha) * sum +
                              (beta == Real(0) ? 0 : static_cast<double>(beta) * static_cast<double>(out)));
    }
  }
}

}  // namespace

extern "C" {

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float* a, int lda,
                 const float* b, int ldb, float beta, float* c, int ldc) {
  multiply(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void cblas_dgemm(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double* a, int lda,
                 const double* b, int ldb, double beta, double* c, int ldc) {
  multiply(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

}  // extern "C"
