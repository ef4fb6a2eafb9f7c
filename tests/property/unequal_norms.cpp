// Samples of unequal norm: their nearest distances differ by more than the range of float at a low temperature.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "snnl/entanglement.hpp"
#include "snnl/product/products.hpp"
#include "snnl/simd/instruction_set.hpp"
#include "support/data.hpp"
#include "support/makers.hpp"

namespace {

using Scale = std::function<double(std::size_t i)>;

data::Samples scaled(data::Samples s, const std::string& name, const Scale& scale) {
  s.name = name;
  for (std::size_t i = 0; i < s.x.shape(0); ++i) {
    const auto factor = static_cast<float>(scale(i));
    for (std::size_t f = 0; f < s.x.shape(1); ++f) s.x(i, f) *= factor;
  }
  return s;
}

data::Samples reordered(const data::Samples& s, const std::string& name, const std::vector<std::size_t>& order) {
  data::Samples out = s;
  out.name = name;
  for (std::size_t i = 0; i < order.size(); ++i) {
    out.y[i] = s.y[order[i]];
    for (std::size_t f = 0; f < s.x.shape(1); ++f) out.x(i, f) = s.x(order[i], f);
  }
  return out;
}

std::vector<data::Samples> cases() {
  constexpr std::size_t n = 360, d = 24;
  std::mt19937 random(7);
  std::normal_distribution<double> gauss;
  std::vector<double> z(n);
  for (double& value : z) value = gauss(random);
  const data::Samples overlapping = data::clusters(n, d, 4, .4, 1), apart = data::clusters(n, d, 4, 1.5, 2),
                      far_apart = data::clusters(n, d, 4, 6, 3);
  std::vector<data::Samples> out;
  for (const double width : {.2, .5, 2.}) {
    const auto by = [&](std::size_t i) { return std::exp(width * z[i]); };
    const std::string text = " by exp(" + std::to_string(width) + " z)";
    out.push_back(scaled(overlapping, "overlapping" + text, by));
    out.push_back(scaled(apart, "apart" + text, by));
    out.push_back(scaled(far_apart, "far apart" + text, by));
  }
  const auto octaves = [&](std::size_t i) { return std::exp2(40. * static_cast<double>(i) / n - 20); };
  const data::Samples rising = scaled(overlapping, "over 40 octaves, rising", octaves);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  out.push_back(rising);
  std::reverse(order.begin(), order.end());
  out.push_back(reordered(rising, "over 40 octaves, falling", order));
  std::shuffle(order.begin(), order.end(), random);
  out.push_back(reordered(rising, "over 40 octaves, shuffled", order));

  data::Samples cluster = apart;
  cluster.name = "one far cluster";
  for (std::size_t i = 0; i < n; i += 9) {
    for (std::size_t f = 0; f < d; ++f) cluster.x(i, f) += 1000;
  }
  out.push_back(cluster);
  data::Samples equal = apart;
  equal.name = "half of the rows at distance zero of each other";
  for (std::size_t i = 0; i < n; i += 2) {
    for (std::size_t f = 0; f < d; ++f) equal.x(i, f) = equal.x(0, f);
  }
  out.push_back(scaled(equal, equal.name + ", the others by exp(z)",
                       [&](std::size_t i) { return i % 2 == 0 ? 1. : std::exp(z[i]); }));
  return out;
}

void check(const data::Samples& s, const snnl::EntanglementOptions& options) {
  const snnl::Entanglement r = snnl::entanglement(s.x, s.y, options);
  const definition::Matrix d = definition::distances(data::widen(s.x));
  const auto expected = definition::losses(d, s.y, r.temperature);
  double mean = 0, scored = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isnan(expected[i])) continue;
    mean += expected[i];
    ++scored;
    CHECK(std::abs(r.sample_loss[i] - expected[i]) <= 2e-4 * std::max(1., expected[i]));
  }
  CHECK(std::abs(r.value - mean / scored) <= 1e-5 * std::max(1., r.value));
  CHECK(r.effective_neighbors == doctest::Approx(definition::effective_neighbors(d, r.temperature)).epsilon(1e-4));
}

}  // namespace

TEST_SUITE("property") {
  TEST_CASE("unequal norms: the optimum is that of a dense scan, and every loss that of the definition") {
    for (const data::Samples& s : cases()) {
      CAPTURE(s.name);
      snnl::EntanglementOptions options;
      options.exact_pairs = 1;  // few samples go the way of many
      options.threads = 2;
      options.verify = true;
      check(s, options);
    }
  }

  TEST_CASE("unequal norms: every maker of products and every instruction set") {
    const test::KeepMakers keep;
    const std::vector<data::Samples> all = cases();
    for (const std::string& set : snnl::simd::available()) {
      for (const std::string& maker : snnl::product::available()) {
        snnl::simd::select(set);
        snnl::product::select(maker);
        for (const std::size_t k : {std::size_t{1}, std::size_t{4}, all.size() - 2}) {
          CAPTURE(set);
          CAPTURE(maker);
          CAPTURE(all[k].name);
          snnl::EntanglementOptions options;
          options.exact_pairs = 1;
          check(all[k], options);
        }
      }
    }
  }

  TEST_CASE("unequal norms: at temperatures over 40 octaves") {
    for (const data::Samples& s : cases()) {
      CAPTURE(s.name);
      snnl::EntanglementOptions options;
      options.exact_pairs = 1;
      const double mean = snnl::entanglement(s.x, s.y, options).mean_distance;
      for (int k = -34; k <= 6; k += 4) {
        CAPTURE(k);
        options.temperature = std::ldexp(mean, k);
        check(s, options);
      }
    }
  }

  TEST_CASE("unequal norms: the same bits for any number of threads") {
    for (const data::Samples& s : cases()) {
      CAPTURE(s.name);
      snnl::EntanglementOptions options;
      options.exact_pairs = 1;
      options.threads = 1;
      const snnl::Entanglement one = snnl::entanglement(s.x, s.y, options);
      options.threads = 3;
      const snnl::Entanglement three = snnl::entanglement(s.x, s.y, options);
      CHECK(one.value == three.value);
      CHECK(one.temperature == three.temperature);
      CHECK(one.effective_neighbors == three.effective_neighbors);
    }
  }
}
