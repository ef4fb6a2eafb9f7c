#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "snnl/entanglement.hpp"
#include "support/data.hpp"

namespace {

/// Clusters made hard for a search that begins from a sample of rows: the sample is a small part of them.
data::Samples adversarial(unsigned trial) {
  const std::size_t n = 600 + 150 * (trial % 3), d = 3 + trial % 7;
  data::Samples s = data::clusters(n, d, 2 + trial % 9, std::exp2(static_cast<double>(trial % 8) - 3), 100 + trial);
  std::mt19937 bits(trial);
  switch (trial % 6) {
    case 1:  // a few wrong labels, which alone keep the temperature up
      for (int k = 0; k < 2; ++k) s.y[bits() % n] = static_cast<std::int64_t>(bits() % 2);
      break;
    case 2:  // outliers a thousand times farther
      for (std::size_t i = 0; i < n; i += 1 + n / 5) {
        for (std::size_t f = 0; f < d; ++f) s.x(i, f) *= 1000;
      }
      break;
    case 3:  // heavy tails
      for (float& v : s.x) v = std::exp(v);
      break;
    case 4:  // one class a thousand times tighter
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t f = 0; f < d; ++f) s.x(i, f) *= s.y[i] == 0 ? 1e-3f : 1.f;
      }
      break;
    case 5:  // near twins, of another class
      for (std::size_t i = 1; i < n; i += 2) {
        for (std::size_t f = 0; f < d; ++f) s.x(i, f) = s.x(i - 1, f) + 1e-3f * static_cast<float>(bits() % 7);
      }
      break;
    default:
      break;
  }
  return s;
}

}  // namespace

TEST_CASE("no temperature of a scan beats the one that was found") {
  for (unsigned trial = 0; trial < 18; ++trial) {
    CAPTURE(trial);
    const data::Samples s = adversarial(trial);
    snnl::EntanglementOptions options;
    const snnl::Entanglement found = snnl::entanglement(s.x, s.y, options);
    options.precision = snnl::Precision::twice;
    options.temperature = found.temperature;
    const double exact = snnl::entanglement(s.x, s.y, options).value;
    CHECK(std::abs(found.value - exact) <= 1e-5 * std::max(1., exact));
    for (double octave = -26; octave <= 10; octave += .5) {
      options.temperature = found.mean_distance * std::exp2(octave);
      REQUIRE(exact <= snnl::entanglement(s.x, s.y, options).value + 1e-6);
    }
  }
}

TEST_CASE("one pass over all pairs finds the temperature of overlapping classes in ten or more features") {
  const struct {
    std::size_t n, d, classes;
    double separation;
  } cases[] = {{2000, 10, 10, .5}, {2000, 64, 10, .3}, {1500, 512, 10, .2}, {800, 2048, 4, .12}};
  for (const auto& c : cases) {
    CAPTURE(c.d);
    const data::Samples s = data::clusters(c.n, c.d, c.classes, c.separation, 77);
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y);
    CHECK(e.temperature_status == snnl::TemperatureStatus::converged);
    CHECK(e.passes == 1);
  }
}
