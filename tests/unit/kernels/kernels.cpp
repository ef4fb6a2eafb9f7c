#include "snnl/kernels/kernels.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "snnl/simd/instruction_set.hpp"

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Weights are compared to this many units of rounding times the number of terms.
template <class Real>
constexpr double tolerance = 32 * static_cast<double>(std::numeric_limits<Real>::epsilon());

/// Distances between 0 and 40, one of them excluded, in a rectangle inside a wider tile.
template <class Real>
struct Fixture {
  std::size_t rows, cols, stride;
  std::vector<Real> data;
  std::vector<Real> shift;

  Fixture(std::size_t rows_, std::size_t cols_) : rows(rows_), cols(cols_), stride(cols_ + 3), data(rows_ * stride) {
    for (std::size_t k = 0; k < data.size(); ++k) data[k] = static_cast<Real>((k * 2654435761u) % 4001) / 100;
    data[(rows / 2) * stride + cols / 2] = std::numeric_limits<Real>::infinity();
    for (std::size_t i = 0; i < rows; ++i) shift.push_back(static_cast<Real>(i % 5));
  }
  snnl::kernels::DistanceRect<Real> rect() const { return {data.data(), stride, rows, cols}; }
  double u(std::size_t i, std::size_t j, double kappa) const {
    return kappa * (static_cast<double>(shift[i]) - static_cast<double>(data[i * stride + j]));
  }
};

template <class Real>
void check_exp_sums(std::size_t rows, std::size_t cols, std::size_t steps, bool columns) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(steps);
  const Fixture<Real> f(rows, cols);
  const Real kappa = Real(.375);
  std::vector<Real> row_sums(steps * (rows + 2), 1), col_sums(steps * (cols + 1), 1);
  snnl::kernels::in_use<Real>().exp_sums(f.rect(), kappa, f.shift.data(), steps, row_sums.data(), rows + 2,
                                         columns ? col_sums.data() : nullptr, cols + 1);
  for (std::size_t q = 0; q < steps; ++q) {
    std::vector<double> of_cols(cols, 1.);
    for (std::size_t i = 0; i < rows; ++i) {
      double of_row = 1;  // what the output held before counts too
      for (std::size_t j = 0; j < cols; ++j) {
        const double e = std::exp2(f.u(i, j, .375) * std::ldexp(1., static_cast<int>(q)));
        of_row += e;
        of_cols[j] += e;
      }
      REQUIRE(row_sums[q * (rows + 2) + i] == doctest::Approx(of_row).epsilon(tolerance<Real>));
    }
    for (std::size_t j = 0; j < cols; ++j) {
      REQUIRE(col_sums[q * (cols + 1) + j] == doctest::Approx(columns ? of_cols[j] : 1).epsilon(tolerance<Real>));
    }
  }
}

template <class Real>
void check_all() {
  for (const std::size_t rows : {1u, 2u, 3u, 8u}) {
    for (const std::size_t cols : {1u, 2u, 7u, 8u, 15u, 16u, 17u, 40u}) {
      for (std::size_t steps = 1; steps <= snnl::kernels::max_ladder; ++steps) {
        check_exp_sums<Real>(rows, cols, steps, true);
        check_exp_sums<Real>(rows, cols, steps, false);
      }
      const Fixture<Real> f(rows, cols);

      std::vector<Real> row_min(rows, Real(39)), col_min(cols, Real(1));
      snnl::kernels::in_use<Real>().minima(f.rect(), row_min.data(), col_min.data());
      for (std::size_t i = 0; i < rows; ++i) {
        const Real* row = f.data.data() + i * f.stride;
        CHECK(row_min[i] == std::min(Real(39), *std::min_element(row, row + cols)));
      }
      for (std::size_t j = 0; j < cols; ++j) {
        Real least = Real(1);
        for (std::size_t i = 0; i < rows; ++i) least = std::min(least, f.data[i * f.stride + j]);
        CHECK(col_min[j] == least);
      }

      std::vector<Real> share(rows), shared(cols, Real(1)), plain(cols, Real(2)), shared_alone(cols, Real(1));
      for (std::size_t i = 0; i < rows; ++i) share[i] = static_cast<Real>(i % 3) / 2;
      snnl::kernels::in_use<Real>().share_sums(f.rect(), Real(.375), f.shift.data(), share.data(), shared.data(),
                                               plain.data());
      snnl::kernels::in_use<Real>().share_sums(f.rect(), Real(.375), f.shift.data(), share.data(), shared_alone.data(),
                                               nullptr);
      CHECK(shared == shared_alone);
      for (std::size_t j = 0; j < cols; ++j) {
        double of_shares = 1, without = 2;
        for (std::size_t i = 0; i < rows; ++i) {
          of_shares += static_cast<double>(share[i]) * std::exp2(f.u(i, j, .375));
          without += std::exp2(f.u(i, j, .375));
        }
        CHECK(shared[j] == doctest::Approx(of_shares).epsilon(tolerance<Real>));
        CHECK(plain[j] == doctest::Approx(without).epsilon(tolerance<Real>));
      }

      std::vector<Real> sum(rows, 0), moment(rows, 0), col_sum(cols, 0), col_moment(cols, 0);
      snnl::kernels::in_use<Real>().entropy_sums(f.rect(), Real(.375), f.shift.data(), sum.data(), moment.data(),
                                                 col_sum.data(), col_moment.data());
      std::vector<double> of_cols(cols, 0.);
      for (std::size_t i = 0; i < rows; ++i) {
        double total = 0, weighted = 0;
        for (std::size_t j = 0; j < cols; ++j) {
          const double u = f.u(i, j, .375), e = std::exp2(u);
          total += e;
          weighted += e > 0 ? u * e : 0;
          of_cols[j] += e > 0 ? u * e : 0;
        }
        CHECK(sum[i] == doctest::Approx(total).epsilon(tolerance<Real>));
        CHECK(std::abs(moment[i] - weighted) <= tolerance<Real> * 40 * std::max(1., total));
      }
      for (std::size_t j = 0; j < cols; ++j) {
        CHECK(std::abs(col_moment[j] - of_cols[j]) <= tolerance<Real> * 40 * static_cast<double>(rows));
      }
    }
  }
}

/// Restores the instruction set that was in use.
struct KeepInstructionSet {
  std::string before = snnl::simd::name();
  ~KeepInstructionSet() { snnl::simd::select(before); }
};

}  // namespace

TEST_CASE("kernels equal the definition with every instruction set of this machine") {
  const KeepInstructionSet keep;
  for (const std::string& set : snnl::simd::available()) {
    CAPTURE(set);
    snnl::simd::select(set);
    REQUIRE(snnl::simd::name() == set);
    check_all<float>();
    check_all<double>();
  }
}

TEST_CASE("weights vanish below the range and stay finite or overflow visibly above it") {
  const KeepInstructionSet keep;
  for (const std::string& set : snnl::simd::available()) {
    CAPTURE(set);
    snnl::simd::select(set);
    const float shift = 0;
    for (const float d :
         {-1e30f, -130.f, -126.f, 0.f, 100.f, 124.9f, 125.1f, 130.f, 1e30f, std::numeric_limits<float>::infinity()}) {
      float sum = 0;
      snnl::kernels::in_use<float>().exp_sums({&d, 1, 1, 1}, 1.f, &shift, 1, &sum, 1, nullptr, 0);
      CAPTURE(d);
      CHECK(std::isfinite(sum));
      if (d > 125.f) CHECK(sum == 0);
      if (d <= -126.f) CHECK(static_cast<double>(sum) > snnl::kernels::ExpRange<float>::highest);
      if (d >= 0 && d <= 125.f) CHECK(sum == doctest::Approx(std::exp2(-static_cast<double>(d))).epsilon(1e-6));
    }
    const double wide_shift = 0;
    for (const double d : {-1e300, -1001., 0., 700., 999., 1001., 1e300, infinity}) {
      double sum = 0;
      snnl::kernels::in_use<double>().exp_sums({&d, 1, 1, 1}, 1., &wide_shift, 1, &sum, 1, nullptr, 0);
      CAPTURE(d);
      CHECK(std::isfinite(sum));
      if (d > 1000) CHECK(sum == 0);
      if (d <= -1000) CHECK(sum > snnl::kernels::ExpRange<double>::highest);
      if (d >= 0 && d <= 1000) CHECK(sum == doctest::Approx(std::exp2(-d)).epsilon(1e-13));
    }
  }
}

TEST_CASE("2^u in float is accurate to a few units of rounding over the whole range") {
  const KeepInstructionSet keep;
  for (const std::string& set : snnl::simd::available()) {
    snnl::simd::select(set);
    double worst = 0;
    for (int k = 0; k < 200000; ++k) {
      const float d = static_cast<float>(k) * (124.f / 200000.f), shift = 0;
      float sum = 0;
      snnl::kernels::in_use<float>().exp_sums({&d, 1, 1, 1}, 1.f, &shift, 1, &sum, 1, nullptr, 0);
      worst = std::max(worst, std::abs(static_cast<double>(sum) / std::exp2(-static_cast<double>(d)) - 1));
    }
    CAPTURE(set);
    CHECK(worst < 2e-7);
  }
}

TEST_CASE("an instruction set the machine lacks cannot be selected") {
  CHECK_THROWS_AS(snnl::simd::select("mmx"), std::invalid_argument);
}
