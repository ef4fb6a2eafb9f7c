#include "snnl/distance/gemm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

using snnl::gemm_abt;
using snnl::MatrixView;

namespace {

/// Small integers: products and their sums are exact in float, so that equality must be too.
template <class Real>
std::vector<Real> integers(std::size_t count, int seed) {
  std::vector<Real> out(count);
  for (std::size_t k = 0; k < count; ++k) {
    out[k] = static_cast<Real>(static_cast<int>((k * 7 + static_cast<std::size_t>(seed) * 13) % 11) - 5);
  }
  return out;
}

template <class Real>
void check_shape(std::size_t m, std::size_t n, std::size_t k) {
  CAPTURE(m);
  CAPTURE(n);
  CAPTURE(k);
  const auto a = integers<Real>(m * k, 1), b = integers<Real>(n * k, 2);
  std::vector<Real> c(m * n, std::nanf(""));
  gemm_abt(-2, MatrixView<const Real>{a.data(), m, k}, MatrixView<const Real>{b.data(), n, k},
           MatrixView<Real>{c.data(), m, n});
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      Real sum = 0;
      for (std::size_t f = 0; f < k; ++f) sum += a[i * k + f] * b[j * k + f];
      REQUIRE(c[i * n + j] == -2 * sum);
    }
  }
}

}  // namespace

TEST_CASE("gemm_abt equals the triple loop for odd shapes") {
  for (const std::size_t m : {1u, 2u, 17u, 64u}) {
    for (const std::size_t n : {1u, 3u, 33u}) {
      for (const std::size_t k : {1u, 2u, 31u, 257u}) {
        check_shape<float>(m, n, k);
        check_shape<double>(m, n, k);
      }
    }
  }
}

TEST_CASE("gemm_abt of a matrix with part of itself has the shape it was asked for") {
  // xt::linalg::dot mistakes this for a symmetric product, because both operands begin at one address.
  const auto x = integers<float>(40 * 8, 3);
  std::vector<float> c(40 * 10);
  gemm_abt(1, MatrixView<const float>{x.data(), 40, 8}, MatrixView<const float>{x.data(), 10, 8},
           MatrixView<float>{c.data(), 40, 10});
  float sum = 0;
  for (std::size_t f = 0; f < 8; ++f) sum += x[39 * 8 + f] * x[9 * 8 + f];
  CHECK(c[39 * 10 + 9] == sum);
}

TEST_CASE("gemm_abt refuses shapes that do not fit") {
  std::vector<float> v(100);
  const MatrixView<const float> a{v.data(), 4, 5}, b{v.data(), 3, 5}, narrow{v.data(), 3, 4};
  CHECK_THROWS_AS(gemm_abt(1, a, narrow, MatrixView<float>{v.data(), 4, 3}), std::invalid_argument);
  CHECK_THROWS_AS(gemm_abt(1, a, b, MatrixView<float>{v.data(), 3, 4}), std::invalid_argument);
  CHECK_THROWS_AS(gemm_abt(1, MatrixView<const float>{v.data(), 4, 0}, MatrixView<const float>{v.data(), 3, 0},
                           MatrixView<float>{v.data(), 4, 3}),
                  std::invalid_argument);
}
