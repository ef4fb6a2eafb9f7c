// Features and samples that decide all distances, against the mean over all pairs.

#include "snnl/dominance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

using snnl::Distance;
using snnl::Dominance;

template <class Real>
struct Data {
  std::size_t rows, features;
  std::vector<Real> values;

  Data(std::size_t n, std::size_t d, double offset = 0) : rows(n), features(d) {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (std::size_t k = 0; k < n * d; ++k) values.push_back(static_cast<Real>(offset + normal(random)));
  }
  Real& at(std::size_t i, std::size_t f) { return values[i * features + f]; }
  void scale_feature(std::size_t f, double by) {
    for (std::size_t i = 0; i < rows; ++i) at(i, f) *= static_cast<Real>(by);
  }
  void scale_sample(std::size_t i, double by) {
    for (std::size_t f = 0; f < features; ++f) at(i, f) *= static_cast<Real>(by);
  }
  Dominance dominance(Distance distance = Distance::sqeuclidean, std::size_t threads = 1) const {
    return snnl::find_dominance(snnl::MatrixView<const Real>{values.data(), rows, features}, distance, threads);
  }
};

/// What feature `f` has of the mean squared distance, over all pairs.
template <class Real>
double share_by_pairs(Data<Real> data, std::size_t wanted) {
  double all = 0, of_feature = 0;
  for (std::size_t i = 0; i < data.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (std::size_t f = 0; f < data.features; ++f) {
        const double square = std::pow(static_cast<double>(data.at(i, f)) - static_cast<double>(data.at(j, f)), 2);
        all += square;
        of_feature += f == wanted ? square : 0;
      }
    }
  }
  return of_feature / all;
}

bool equal(const Dominance& a, const Dominance& b) {
  const auto same = [](const std::vector<snnl::Share>& x, const std::vector<snnl::Share>& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const auto& s, const auto& t) { return s.index == t.index && s.share == t.share; });
  };
  return a.constant_features == b.constant_features && same(a.features, b.features) && same(a.samples, b.samples);
}

}  // namespace

TEST_SUITE("points") {
  TEST_CASE_TEMPLATE("dominance: of a feature, as all pairs have it", Real, float, double) {
    Data<Real> data(60, 12, 5);
    CHECK(data.dominance().features.empty());
    data.scale_feature(7, 100);
    const Dominance found = data.dominance();
    REQUIRE(found.features.size() == 1);
    CHECK(found.features[0].index == 7);
    CHECK(found.features[0].share == doctest::Approx(share_by_pairs(data, 7)).epsilon(1e-12));
    CHECK(found.samples.empty());
    CHECK(found.constant_features == 0);
  }

  TEST_CASE("dominance: just below and just above 99 %") {
    for (const auto& [scale, dominates] : {std::pair{30., false}, {60., true}}) {
      Data<float> data(200, 16);
      data.scale_feature(3, scale);
      const double share = share_by_pairs(data, 3);
      CAPTURE(share);
      CHECK((share > .99) == dominates);
      CHECK(data.dominance().features.size() == (dominates ? 1 : 0));
    }
  }

  TEST_CASE("dominance: up to three features, no more") {
    Data<float> data(100, 40);
    for (const std::size_t f : {30u, 4u, 11u}) data.scale_feature(f, 1000.);
    const Dominance three = data.dominance();
    REQUIRE(three.features.size() == 3);
    CHECK(three.features[0].share >= three.features[1].share);
    CHECK(three.features[1].share >= three.features[2].share);
    data.scale_feature(20, 1000);
    CHECK(data.dominance().features.empty());
    // Of a few features some have most, as a matter of course.
    Data<float> two(100, 2);
    two.scale_feature(1, 1000);
    CHECK(two.dominance().features.empty());
    Data<float> one(100, 1);
    CHECK(one.dominance().features.empty());
  }

  TEST_CASE("dominance: a unit that is the only one alive is told as constant ones") {
    Data<float> data(50, 10);
    for (std::size_t f = 1; f < 10; ++f) data.scale_feature(f, 0);
    const Dominance found = data.dominance();
    CHECK(found.constant_features == 9);
    CHECK(found.features.empty());
  }

  TEST_CASE("dominance: constant means equal, at any offset") {
    Data<float> data(50, 6, 1e6);
    for (std::size_t i = 0; i < 50; ++i) data.at(i, 2) = 1e6f;
    CHECK(data.dominance().constant_features == 1);
    data.at(49, 2) = std::nextafter(1e6f, 2e6f);
    CHECK(data.dominance().constant_features == 0);
  }

  TEST_CASE("dominance: of samples, few of many") {
    Data<float> data(400, 20);
    data.scale_sample(17, 1e4);
    const Dominance one = data.dominance();
    REQUIRE(one.samples.size() == 1);
    CHECK(one.samples[0].index == 17);
    CHECK(one.samples[0].share == doctest::Approx(1 - 1. / 400).epsilon(1e-4));
    CHECK(one.features.empty());
    // A sample of 25 has at most 96 % of it.
    Data<float> few(25, 20);
    few.scale_sample(3, 1e5);
    REQUIRE(few.dominance().samples.size() == 1);
    CHECK(few.dominance().samples[0].share == doctest::Approx(.96).epsilon(1e-4));
    // Of a handful each matters.
    Data<float> handful(10, 20);
    handful.scale_sample(3, 1e5);
    CHECK(handful.dominance().samples.empty());
    for (const std::size_t i : {200u, 100u, 300u, 50u}) data.scale_sample(i, 1e4);
    CHECK(data.dominance().samples.size() == 5);
    data.scale_sample(60, 1e4);
    CHECK(data.dominance().samples.empty());
  }

  TEST_CASE("dominance: outputs of classifiers and other data without any") {
    std::mt19937 random(4);
    for (const std::size_t classes : {2u, 3u, 10u, 100u}) {
      Data<float> onehot(500, classes);
      for (std::size_t i = 0; i < 500; ++i) {
        for (std::size_t c = 0; c < classes; ++c) onehot.at(i, c) = random() % classes == c ? 1.f : 0.f;
      }
      CHECK(onehot.dominance().features.empty());
      CHECK(onehot.dominance().samples.empty());
    }
    // All but one sample of one class: this one is all there is.
    Data<float> rare(500, 10);
    std::fill(rare.values.begin(), rare.values.end(), 0.f);
    for (std::size_t i = 0; i < 500; ++i) rare.at(i, i == 250 ? 4 : 0) = 1;
    CHECK(rare.dominance().constant_features == 8);
    CHECK(rare.dominance().samples.size() == 1);
    // Features of widths that fall by a factor from one to the next.
    Data<float> falling(300, 30);
    for (std::size_t f = 0; f < 30; ++f) falling.scale_feature(f, std::pow(.8, static_cast<double>(f)));
    CHECK(falling.dominance().features.empty());
  }

  TEST_CASE("dominance: under cosine the length of samples does not matter, that of features does") {
    Data<float> data(200, 16);
    data.scale_sample(9, 1e4);
    CHECK(data.dominance(Distance::sqeuclidean).samples.size() == 1);
    CHECK(data.dominance(Distance::cosine).samples.empty());
    Data<float> unit(200, 16);
    unit.scale_feature(5, 10000);
    REQUIRE(unit.dominance(Distance::cosine).features.size() == 1);
    CHECK(unit.dominance(Distance::cosine).features[0].index == 5);
    unit.scale_sample(3, 0);  // a row of zeros has no direction
    CHECK(unit.dominance(Distance::cosine).features.size() == 1);
  }

  TEST_CASE("dominance: degenerate data has none") {
    CHECK(Data<float>(1, 5).dominance().features.empty());
    Data<double> same(50, 8);
    std::fill(same.values.begin(), same.values.end(), 7.);
    CHECK(same.dominance().constant_features == 8);
    CHECK(same.dominance().features.empty());
    CHECK(same.dominance().samples.empty());
    Data<double> large(50, 8);
    large.scale_feature(1, 1e200);
    CHECK(large.dominance().features.empty());  // squares overflow, which the analysis refuses
    Data<float> wide(50, 8);
    for (float& value : wide.values) value *= 1e18f;
    CHECK(wide.dominance().features.empty());
    wide.scale_feature(2, 1e6);
    CHECK(wide.dominance().features.size() == 1);
  }

  TEST_CASE("dominance: does not depend on the number of threads") {
    Data<float> data(1000, 33, 2);
    data.scale_feature(8, 500);
    data.scale_sample(700, 1e4);
    for (const Distance distance : {Distance::sqeuclidean, Distance::cosine}) {
      const Dominance one = data.dominance(distance, 1);
      for (const std::size_t threads : {2u, 3u, 8u}) CHECK(equal(one, data.dominance(distance, threads)));
    }
  }
}
