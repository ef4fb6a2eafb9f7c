#include "snnl/points/finite_magnitude.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

template <class Real>
snnl::MatrixView<const Real> view(const std::vector<Real>& values, std::size_t cols) {
  return {values.data(), values.size() / cols, cols};
}

}  // namespace

TEST_CASE_TEMPLATE("finite_magnitude: the largest magnitude, for any number of threads", Real, float, double) {
  CHECK(snnl::engine::finite_magnitude(view(std::vector<Real>{}, 3), 1) == 0);
  CHECK(snnl::engine::finite_magnitude(view(std::vector<Real>{-0., 0., -0.}, 3), 1) == 0);
  using Limits = std::numeric_limits<Real>;
  CHECK(snnl::engine::finite_magnitude(view(std::vector<Real>{0, -Limits::denorm_min()}, 1), 1) ==
        Limits::denorm_min());
  CHECK(snnl::engine::finite_magnitude(view(std::vector<Real>{1, Limits::max(), -2}, 1), 1) == Limits::max());
  std::vector<Real> values(5000 * 7);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = std::sin(static_cast<Real>(k));
  values[20000] = Real(-1.25);
  for (const std::size_t threads : {1u, 3u})
    CHECK(snnl::engine::finite_magnitude(view(values, 7), threads) == Real(1.25));
}

TEST_CASE_TEMPLATE("finite_magnitude: the first row that is not finite is named", Real, float, double) {
  using Limits = std::numeric_limits<Real>;
  for (const Real bad : {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()}) {
    for (const std::size_t threads : {1u, 3u}) {
      std::vector<Real> values(900 * 5, Real(-1));
      values[899 * 5] = bad;
      values[300 * 5 + 4] = bad;
      std::string message;
      try {
        snnl::engine::finite_magnitude(view(values, 5), threads, "query row");
      } catch (const snnl::Error& error) {
        message = error.what();
      }
      CHECK(message == "query row 300 holds NaN or Inf");
    }
  }
}
