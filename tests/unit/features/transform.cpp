#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "snnl/entanglement.hpp"
#include "snnl/error.hpp"
#include "snnl/features.hpp"
#include "snnl/product/products.hpp"
#include "support/data.hpp"
#include "support/refusal.hpp"

namespace {

using snnl::FeatureOptions;
using snnl::FeatureTransform;
using snnl::MatrixView;
using snnl::Whiten;

constexpr FeatureOptions standardized{true, Whiten::none}, whitened{false, Whiten::pca};

bool has_blas() { return snnl::product::blas_in_use() != "none"; }

template <class Real>
struct Table {
  std::size_t n, d;
  std::vector<Real> values;
  MatrixView<const Real> view() const { return {values.data(), n, d}; }
  Real& at(std::size_t i, std::size_t f) { return values[i * d + f]; }
};

template <class Real>
Table<Real> normal(std::size_t n, std::size_t d, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> gauss;
  Table<Real> out{n, d, std::vector<Real>(n * d)};
  for (Real& value : out.values) value = static_cast<Real>(gauss(random));
  return out;
}

template <class Real>
Table<Real> changed(const Table<Real>& x, const FeatureTransform& t, std::size_t threads = 1) {
  Table<Real> out{x.n, t.outputs, std::vector<Real>(x.n * t.outputs)};
  snnl::apply_features(t, x.view(), out.values.data(), threads);
  return out;
}

template <class Real>
Table<Real> changed(const Table<Real>& x, const FeatureOptions& options, std::size_t threads = 1) {
  return changed(x, snnl::fit_features(x.view(), options, threads), threads);
}

/// Of features a and b, by the definition, of n - 1.
template <class Real>
double covariance(Table<Real> x, std::size_t a, std::size_t b) {
  long double mean_a = 0, mean_b = 0, sum = 0;
  for (std::size_t i = 0; i < x.n; ++i) {
    mean_a += static_cast<long double>(x.at(i, a)) / static_cast<long double>(x.n);
    mean_b += static_cast<long double>(x.at(i, b)) / static_cast<long double>(x.n);
  }
  for (std::size_t i = 0; i < x.n; ++i) {
    sum += (static_cast<long double>(x.at(i, a)) - mean_a) * (static_cast<long double>(x.at(i, b)) - mean_b);
  }
  return static_cast<double>(sum / static_cast<long double>(x.n - 1));
}

/// x times a matrix [d, d] of so large a condition.
Table<double> mixed(const Table<double>& x, double condition, unsigned seed) {
  const Table<double> m = normal<double>(x.d, x.d, seed);
  Table<double> out{x.n, x.d, std::vector<double>(x.n * x.d)};
  for (std::size_t i = 0; i < x.n; ++i) {
    for (std::size_t f = 0; f < x.d; ++f) {
      const double scale = std::pow(condition, static_cast<double>(f) / static_cast<double>(x.d - 1));
      for (std::size_t g = 0; g < x.d; ++g) out.at(i, f) += scale * x.values[i * x.d + g] * m.values[g * x.d + f];
    }
  }
  return out;
}

std::vector<std::int64_t> labels_of(std::size_t n) {
  std::vector<std::int64_t> labels(n);
  for (std::size_t i = 0; i < n; ++i) labels[i] = static_cast<std::int64_t>(i % 3);
  return labels;
}

/// Normal features, of which the first three tell the classes of labels_of.
Table<double> classes_apart(std::size_t n, std::size_t d, unsigned seed) {
  Table<double> x = normal<double>(n, d, seed);
  for (std::size_t i = 0; i < n; ++i) x.at(i, i % 3) += 3;
  return x;
}

double entanglement_of(const Table<double>& x) {
  xt::xtensor<double, 2> samples = xt::xtensor<double, 2>::from_shape({x.n, x.d});
  std::copy(x.values.begin(), x.values.end(), samples.begin());
  return snnl::entanglement(samples, labels_of(x.n)).value;
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE_TEMPLATE("standardised features have mean 0 and variance 1", Real, float, double) {
    Table<Real> x = normal<Real>(700, 5, 1);
    for (std::size_t i = 0; i < x.n; ++i) {
      x.at(i, 1) = x.at(i, 1) * Real(1e-30);
      x.at(i, 2) = x.at(i, 2) * Real(1e30);
      x.at(i, 3) = Real(.1);
      x.at(i, 4) = x.at(i, 4) + Real(1000);
    }
    const FeatureTransform t = snnl::fit_features(x.view(), standardized);
    CHECK(t.outputs == 5);
    CHECK(t.constant == 1);
    CHECK(t.dropped == 0);
    const Table<Real> y = changed(x, t);
    for (const std::size_t f : {0U, 1U, 2U, 4U}) {
      CAPTURE(f);
      CHECK(std::abs(covariance(y, f, f) - 1) <= 1e-6);
      double sum = 0;
      for (std::size_t i = 0; i < y.n; ++i) sum += static_cast<double>(y.values[i * 5 + f]);
      CHECK(std::abs(sum) <= 1e-4);
    }
    for (std::size_t i = 0; i < y.n; ++i) CHECK(y.values[i * 5 + 3] == 0);
  }

  TEST_CASE("the largest and the smallest doubles are standardised as any others") {
    const Table<double> x = normal<double>(50, 1, 2);
    const Table<double> expected = changed(x, standardized);
    for (const double scale : {0x1p-1000, 0x1p-600, 0x1p600, 0x1p1020}) {
      Table<double> scaled = x;
      for (double& value : scaled.values) value *= scale;
      CHECK(changed(scaled, standardized).values == expected.values);
    }
  }

  TEST_CASE_TEMPLATE("a feature that varies by rounding alone is constant", Real, float, double) {
    Table<Real> x = normal<Real>(100, 2, 3);
    for (std::size_t i = 0; i < x.n; ++i) {
      x.at(i, 1) = i % 2 == 0 ? Real(3) : std::nextafter(Real(3), Real(4));
    }
    CHECK(snnl::fit_features(x.view(), standardized).constant == 1);
    for (std::size_t i = 0; i < x.n; ++i)
      x.at(i, 1) = Real(3) + Real(i % 32) * std::numeric_limits<Real>::epsilon() * 4;
    CHECK(snnl::fit_features(x.view(), standardized).constant == 0);
  }

  TEST_CASE("the unit of each feature and its offset do not matter, and threads do not") {
    const Table<double> x = classes_apart(300, 6, 4);
    Table<double> y = x;
    for (std::size_t i = 0; i < y.n; ++i) {
      for (std::size_t f = 0; f < y.d; ++f) y.at(i, f) = y.at(i, f) * std::pow(-7., double(f)) + 3;
    }
    CHECK(entanglement_of(changed(y, standardized)) ==
          doctest::Approx(entanglement_of(changed(x, standardized))).epsilon(1e-9));
    CHECK(entanglement_of(y) != doctest::Approx(entanglement_of(x)).epsilon(.01));
    CHECK(changed(x, standardized, 3).values == changed(x, standardized, 1).values);
    if (has_blas()) CHECK(changed(x, whitened, 3).values == changed(x, whitened, 1).values);
  }

  TEST_CASE("whitened components are uncorrelated, of variance 1, the largest first") {
    if (!has_blas()) return;
    const Table<double> x = mixed(normal<double>(900, 7, 5), 100, 6);
    const Table<double> y = changed(x, whitened);
    REQUIRE(y.d == 7);
    for (std::size_t a = 0; a < 7; ++a) {
      for (std::size_t b = 0; b <= a; ++b) CHECK(std::abs(covariance(y, a, b) - (a == b ? 1 : 0)) <= 1e-9);
    }
  }

  TEST_CASE("no invertible mixing of the features changes the entanglement of whitened ones") {
    if (!has_blas()) return;
    const Table<double> x = classes_apart(400, 8, 7);
    const double plain = entanglement_of(changed(x, whitened));
    for (const double condition : {1., 1e3, 1e6}) {
      CAPTURE(condition);
      const Table<double> y = mixed(x, condition, 8);
      CHECK(entanglement_of(changed(y, whitened)) == doctest::Approx(plain).epsilon(1e-6));
      if (condition > 1) CHECK(entanglement_of(y) != doctest::Approx(plain).epsilon(.01));
    }
  }

  TEST_CASE("what is a sum of other features, but for rounding, adds no component") {
    if (!has_blas()) return;
    // As a layer makes 24 features of 8, in float.
    const Table<float> x = normal<float>(2000, 8, 9), m = normal<float>(8, 24, 10);
    Table<float> y{x.n, 25, std::vector<float>(x.n * 25)};
    for (std::size_t i = 0; i < y.n; ++i) {
      for (std::size_t f = 0; f < 24; ++f) {
        for (std::size_t g = 0; g < 8; ++g) y.at(i, f) += x.values[i * 8 + g] * m.values[g * 24 + f];
      }
      y.at(i, 24) = 5;
    }
    const FeatureTransform t = snnl::fit_features(y.view(), whitened);
    CHECK(t.outputs == 8);
    CHECK(t.constant == 1);
    CHECK(t.dropped == 16);
    const Table<float> of_y = changed(y, t);
    for (std::size_t a = 0; a < 8; ++a) CHECK(std::abs(covariance(of_y, a, a) - 1) <= 1e-5);
  }

  TEST_CASE("samples that were not fitted are changed as those that were") {
    const Table<float> x = normal<float>(600, 5, 11);
    for (const FeatureOptions& options : {standardized, whitened}) {
      if (options.whiten == Whiten::pca && !has_blas()) continue;
      const FeatureTransform t = snnl::fit_features(x.view(), options);
      const Table<float> all = changed(x, t);
      Table<float> last{1, 5, {x.values.end() - 5, x.values.end()}};
      CHECK(changed(last, t).values == std::vector<float>(all.values.end() - 5, all.values.end()));
      Table<float> other{1, 4, {x.values.begin(), x.values.begin() + 4}};
      CHECK_THROWS_AS(changed(other, t), std::invalid_argument);
    }
  }

  TEST_CASE("without options features stay as they are") {
    const Table<float> x = normal<float>(30, 4, 12);
    CHECK(changed(x, FeatureOptions{}).values == x.values);
  }

  TEST_CASE("what cannot be whitened is refused") {
    if (!has_blas()) return;
    const auto refused = [](const Table<float>& x) { return refusal([&] { snnl::fit_features(x.view(), whitened); }); };
    CHECK(refused(normal<float>(6, 5, 1)) ==
          "6 samples vary along 5 components: whitened, all their distances are equal; take more samples, or pool the "
          "features first");
    CHECK(refused(normal<float>(5, 90, 1)).starts_with("5 samples vary along 4 components"));
    CHECK(refused({3, 2, std::vector<float>(6, 1.F)}) == "none of 2 features varies: there is nothing to whiten");
    CHECK(refused({1, 1, {1.F}}) == "none of 1 features varies: there is nothing to whiten");
    CHECK(refused({2, 5000, std::vector<float>(10000)}) ==
          "has 5000 features, more than the 4096 that can be whitened; pool them first");
    CHECK(snnl::fit_features(normal<float>(7, 5, 1).view(), whitened).outputs == 5);
  }
}
