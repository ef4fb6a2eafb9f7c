// The gradient against its definition, the definition against finite differences, and what must come out as zero.

#include "snnl/entanglement_gradient.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/entanglement.hpp"
#include "snnl/simd/instruction_set.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

using snnl::Distance;
using snnl::entanglement_gradient;
using snnl::Precision;

namespace {

/// What the header promises for Precision::automatic, and what double is expected to do.
constexpr double promised = 1e-4, in_double = 1e-7;

double norm(const definition::Matrix& m) {
  double sum = 0;
  for (const auto& row : m) {
    for (const double v : row) sum += v * v;
  }
  return std::sqrt(sum);
}

/// |found - expected| in the norm over all samples.
template <class Real>
double distance_to(const xt::xtensor<Real, 2>& found, const definition::Matrix& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (std::size_t f = 0; f < expected[i].size(); ++f) {
      sum += std::pow(static_cast<double>(found(i, f)) - expected[i][f], 2);
    }
  }
  return std::sqrt(sum);
}

xt::xtensor<double, 2> doubles(const xt::xtensor<float, 2>& x) { return xt::cast<double>(x); }

/// What a gradient can amount to: all pairs at their most attractive distance. Below 1e-12 of it there is nothing to
/// see.
double natural_size(std::size_t n, double temperature) { return std::sqrt(2 / temperature / static_cast<double>(n)); }

snnl::GradientOptions options_of(Distance distance, Precision precision = Precision::automatic) {
  snnl::GradientOptions options;
  options.distance = distance;
  options.precision = precision;
  return options;
}

template <class Real>
void check(const data::Samples& s, const xt::xtensor<Real, 2>& x, Distance distance, double temperature,
           const definition::Gradient& expected, double bound, Precision precision) {
  const auto found = entanglement_gradient(x, s.y, temperature, options_of(distance, precision));
  const double size = norm(expected.by_samples), least = 1e-12 * natural_size(s.y.size(), temperature);
  const double smallest = std::numeric_limits<Real>::min() * std::sqrt(static_cast<double>(x.size()));
  CHECK(distance_to(found.by_activations, expected.by_samples) <= bound * size + least + smallest);
  CHECK(found.value == doctest::Approx(expected.value).epsilon(bound).scale(1));
  // Its terms are the mean distances, over T, by either probability.
  CHECK(std::abs(found.by_log_temperature - expected.by_log_temperature) <=
        bound * std::max(1., std::abs(expected.by_log_temperature)));
}

}  // namespace

TEST_SUITE("gradient") {
  TEST_CASE("the definition of the gradient agrees with finite differences of the loss") {
    for (const Distance distance : {Distance::sqeuclidean, Distance::cosine}) {
      data::Samples s = data::clusters(14, 3, 3, .5, 21);
      s.y[5] = 77;  // a class of one
      definition::Matrix x = data::widen(s.x);
      const auto loss = [&](const definition::Matrix& at, double t) {
        return definition::entanglement(definition::distances(at, distance), s.y, t);
      };
      const double t = distance == Distance::cosine ? .3 : 2;
      const definition::Gradient g = definition::gradient(x, s.y, t, distance);
      CHECK(g.value == doctest::Approx(loss(x, t)).epsilon(1e-12));
      constexpr double h = 1e-5;
      for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t f = 0; f < x[i].size(); ++f) {
          definition::Matrix up = x, down = x;
          up[i][f] += h;
          down[i][f] -= h;
          const double by = (loss(up, t) - loss(down, t)) / (2 * h);
          CHECK(g.by_samples[i][f] == doctest::Approx(by).epsilon(1e-8).scale(1));
        }
      }
      const double by = (loss(x, t * std::exp(h)) - loss(x, t * std::exp(-h))) / (2 * h);
      CHECK(g.by_log_temperature == doctest::Approx(by).epsilon(1e-8).scale(1));
    }
  }

  TEST_CASE("the gradient of every hard case, by the definition") {
    for (const data::Samples& s : data::hard_cases()) {
      CAPTURE(s.name);
      const definition::Matrix x = data::widen(s.x);
      for (const Distance distance : {Distance::sqeuclidean, Distance::cosine}) {
        if (distance == Distance::cosine && s.x.shape(1) == 1) continue;  // all distances are 0 or 2
        CAPTURE(static_cast<int>(distance));
        const double mean = definition::mean_distance(definition::distances(x, distance));
        for (const double factor : {1e-4, 1e-2, .1, 1., 30.}) {
          CAPTURE(factor);
          const double t = factor * mean;
          const definition::Gradient expected = definition::gradient(x, s.y, t, distance);
          check(s, s.x, distance, t, expected, promised, Precision::automatic);
          check(s, doubles(s.x), distance, t, expected, in_double, Precision::twice);
        }
      }
    }
  }

  TEST_CASE("the gradient over many tiles and odd shapes, by every instruction set") {
    const std::string before = snnl::simd::name();
    for (const std::string& set : snnl::simd::available()) {
      CAPTURE(set);
      snnl::simd::select(set);
      for (const data::Samples& s : {data::clusters(257, 17, 5, .4, 5), data::clusters(200, 49, 150, .4, 5),
                                     data::clusters(97, 3, 2, .4, 5), data::clusters(513, 33, 7, .4, 5)}) {
        CAPTURE(s.y.size());
        const definition::Matrix x = data::widen(s.x);
        const double t = .2 * definition::mean_distance(definition::distances(x));
        const definition::Gradient expected = definition::gradient(x, s.y, t);
        check(s, s.x, Distance::sqeuclidean, t, expected, 1e-5, Precision::single);
        check(s, doubles(s.x), Distance::sqeuclidean, t, expected, 1e-10, Precision::twice);
      }
    }
    snnl::simd::select(before);
  }

  TEST_CASE("the gradient where the loss is constant is zero") {
    const auto zero = [](const xt::xtensor<float, 2>& x, const std::vector<int>& y, double value,
                         Distance distance = Distance::sqeuclidean) {
      const auto g = entanglement_gradient(x, y, .7, options_of(distance));
      for (const float v : g.by_activations) CHECK(v == 0);
      CHECK(g.value == doctest::Approx(value));
      CHECK(g.by_log_temperature == 0);
    };
    const auto s = data::clusters(20, 3, 2, 1, 3);
    zero(s.x, std::vector<int>(20, 4), 0);  // one class
    std::vector<int> distinct(20);
    for (int k = 0; k < 20; ++k) distinct[static_cast<std::size_t>(k)] = k;
    zero(s.x, distinct, 0);  // no class has two members
    zero(xt::zeros<float>({0, 3}), {}, 0);
    zero(xt::ones<float>({1, 3}), {1}, 0);
    const xt::xtensor<float, 2> equal = 5 * xt::ones<float>({4, 3});
    zero(equal, {0, 0, 1, 1}, std::log(3.));
    zero(equal, {0, 0, 1, 1}, std::log(3.), Distance::cosine);
    zero(xt::zeros<float>({4, 3}), {0, 0, 1, 1}, std::log(3.));
    const xt::xtensor<float, 2> parallel{{1, 2}, {2, 4}, {3, 6}, {.5, 1}};
    zero(parallel, {0, 0, 1, 1}, std::log(3.), Distance::cosine);
  }

  TEST_CASE("the gradient of rows of zeros under cosine") {
    auto s = data::clusters(40, 4, 3, .5, 8);
    for (std::size_t f = 0; f < 4; ++f) s.x(3, f) = s.x(11, f) = 0;
    const definition::Matrix x = data::widen(s.x);
    const definition::Gradient expected = definition::gradient(x, s.y, .2, Distance::cosine);
    check(s, s.x, Distance::cosine, .2, expected, promised, Precision::automatic);
    const auto g = entanglement_gradient(s.x, s.y, .2, options_of(Distance::cosine));
    for (std::size_t f = 0; f < 4; ++f) CHECK(g.by_activations(3, f) == 0);
  }

  TEST_CASE("the gradient does not depend on the number of threads, nor on what was in the output") {
    const auto s = data::clusters(700, 21, 6, .3, 9);
    snnl::GradientOptions options;
    options.threads = 1;
    const auto one = entanglement_gradient(s.x, s.y, 3., options);
    for (const std::size_t threads : {2u, 3u, 5u}) {
      options.threads = threads;
      xt::xtensor<float, 2> out = xt::ones<float>(s.x.shape());
      const auto other = entanglement_gradient({s.x.data(), 700, 21}, s.y, 3., out.data(), options);
      CHECK(out == one.by_activations);
      CHECK(other.value == one.value);
      CHECK(other.by_log_temperature == one.by_log_temperature);
    }
  }

  TEST_CASE("the gradient: rotation, shift, permutation and scale") {
    const auto s = data::clusters(90, 2, 3, .5, 10);
    const double t = 1.5;
    const auto twice = options_of(Distance::sqeuclidean, Precision::twice);
    const auto g = entanglement_gradient(doubles(s.x), s.y, t, twice);
    auto moved = doubles(s.x);
    std::vector<std::int64_t> labels(90);
    for (std::size_t i = 0; i < 90; ++i) {
      const std::size_t to = (i * 37 + 5) % 90;
      moved(to, 0) = 3 * (.6 * static_cast<double>(s.x(i, 0)) - .8 * static_cast<double>(s.x(i, 1))) + 12;
      moved(to, 1) = 3 * (.8 * static_cast<double>(s.x(i, 0)) + .6 * static_cast<double>(s.x(i, 1))) - 7;
      labels[to] = 2 - s.y[i];
    }
    const auto h = entanglement_gradient(moved, labels, 9 * t, twice);
    CHECK(h.value == doctest::Approx(g.value).epsilon(1e-10));
    CHECK(h.by_log_temperature == doctest::Approx(g.by_log_temperature).epsilon(1e-9));
    for (std::size_t i = 0; i < 90; ++i) {
      const std::size_t to = (i * 37 + 5) % 90;
      const double a = g.by_activations(i, 0), b = g.by_activations(i, 1);
      CHECK(h.by_activations(to, 0) == doctest::Approx((.6 * a - .8 * b) / 3).epsilon(1e-8).scale(1e-2));
      CHECK(h.by_activations(to, 1) == doctest::Approx((.8 * a + .6 * b) / 3).epsilon(1e-8).scale(1e-2));
    }
    // A shift of all samples changes no distance.
    double sum = 0;
    for (std::size_t i = 0; i < 90; ++i) sum += g.by_activations(i, 0);
    CHECK(std::abs(sum) < 1e-12);
  }

  TEST_CASE("at the optimal temperature the loss does not change with it") {
    const auto s = data::clusters(300, 10, 4, .3, 12);
    const auto best = snnl::entanglement(s.x, s.y);
    const auto g = entanglement_gradient(s.x, s.y, best.temperature);
    CHECK(g.value == doctest::Approx(best.value).epsilon(1e-5));
    CHECK(std::abs(g.by_log_temperature) < 1e-3);
    CHECK(entanglement_gradient(s.x, s.y, best.temperature * 3).by_log_temperature > .01);
    CHECK(entanglement_gradient(s.x, s.y, best.temperature / 3).by_log_temperature < -.01);
  }

  // The paper's first figure: random points with random labels, moved by the gradient.
  TEST_CASE("random points separate down the gradient and mix up it") {
    const data::Samples s = data::clusters(200, 2, 4, 0, 31);
    const auto moved = [&](double sign, double t) {
      auto x = s.x;
      for (int step = 0; step < 600; ++step) {
        const auto g = entanglement_gradient(x, s.y, t);
        x += static_cast<float>(sign * .02 * 200 * t) * g.by_activations;
        for (std::size_t i = 0; i < 200; ++i) {  // going up, they would fly apart for ever
          const float length = std::max(1.f, std::hypot(x(i, 0), x(i, 1)) / 3);
          x(i, 0) /= length, x(i, 1) /= length;
        }
      }
      return x;
    };
    // Share of the points whose nearest neighbour is of their class.
    const auto agreement = [&](const xt::xtensor<float, 2>& x) {
      const auto d = definition::distances(data::widen(x));
      int agree = 0;
      for (std::size_t i = 0; i < 200; ++i) {
        std::size_t nearest = i == 0 ? 1 : 0;
        for (std::size_t j = 0; j < 200; ++j) {
          if (j != i && d[i][j] < d[i][nearest]) nearest = j;
        }
        agree += s.y[i] == s.y[nearest];
      }
      return agree / 200.;
    };
    const double before = agreement(s.x);
    CHECK(before > .15);
    CHECK(before < .35);
    const auto apart = moved(-1, 1.), together = moved(1, .3);
    CHECK(agreement(apart) >= .99);
    CHECK(entanglement_gradient(apart, s.y, 1.).value < .5 * entanglement_gradient(s.x, s.y, 1.).value);
    // More entangled than labels that have nothing to do with the places.
    CHECK(agreement(together) < .35);
    CHECK(entanglement_gradient(together, s.y, .3).value > std::log(199. / 49));
    CHECK(entanglement_gradient(together, s.y, .3).value > entanglement_gradient(s.x, s.y, .3).value + .02);
  }

  TEST_CASE("the gradient of what it cannot be taken of") {
    const auto s = data::clusters(20, 3, 2, 1, 3);
    const auto refused = [](const auto& x, const std::vector<std::int64_t>& y, double t) {
      try {
        entanglement_gradient(x, y, t);
      } catch (const snnl::Error& e) {
        return std::string(e.what());
      }
      return std::string();
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double t : {0., -1., infinity, std::nan("")}) {
      CHECK(refused(s.x, s.y, t) == "temperature: must be a positive number");
    }
    CHECK(refused(s.x, {1, 2}, 1) == "20 samples, but 2 labels");
    CHECK(refused(xt::xtensor<float, 2>(xt::zeros<float>({4, 0})), {1, 2, 1, 2}, 1) == "no features");
    auto bad = s.x;
    bad(7, 1) = std::numeric_limits<float>::quiet_NaN();
    CHECK(refused(bad, s.y, 1) == "row 7 holds NaN or Inf");
  }
}
