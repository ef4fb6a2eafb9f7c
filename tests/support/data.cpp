#include "support/data.hpp"

#include <cmath>
#include <random>

namespace data {
namespace {

Samples named(std::string name, Samples samples) {
  samples.name = std::move(name);
  return samples;
}

}  // namespace

Samples clusters(std::size_t n, std::size_t d, std::size_t classes, double separation, std::uint32_t seed) {
  // std::normal_distribution may differ between standard libraries; sums of uniforms do not.
  std::mt19937 bits(seed);
  const auto normal = [&] {
    double sum = 0;
    for (int k = 0; k < 12; ++k) sum += static_cast<double>(bits()) / 4294967296.;
    return sum - 6;
  };
  Samples s;
  s.name = "clusters";
  s.x = xt::xtensor<float, 2>::from_shape({n, d});
  s.y.resize(n);
  std::vector<double> centres(classes * d);
  for (double& c : centres) c = separation * normal();
  for (std::size_t i = 0; i < n; ++i) {
    s.y[i] = static_cast<std::int64_t>(i % classes);
    for (std::size_t f = 0; f < d; ++f) s.x(i, f) = static_cast<float>(centres[(i % classes) * d + f] + normal());
  }
  return s;
}

definition::Matrix widen(const xt::xtensor<float, 2>& x) {
  definition::Matrix out(x.shape(0), std::vector<double>(x.shape(1)));
  for (std::size_t i = 0; i < x.shape(0); ++i) {
    for (std::size_t f = 0; f < x.shape(1); ++f) out[i][f] = static_cast<double>(x(i, f));
  }
  return out;
}

std::vector<Samples> hard_cases() {
  std::vector<Samples> cases;
  cases.push_back(named("clusters that touch", clusters(150, 16, 3, .5, 1)));
  cases.push_back(named("no structure", clusters(120, 8, 4, 0, 2)));
  cases.push_back(named("wide rows", clusters(60, 20000, 3, .05, 3)));

  Samples offset = named("offset of 1e3", clusters(150, 32, 3, .5, 4));
  for (float& v : offset.x) v += 1000.f;
  cases.push_back(offset);

  Samples near = named("near-duplicates", clusters(140, 12, 4, .3, 5));
  for (std::size_t i = 1; i < 140; i += 2) {
    for (std::size_t f = 0; f < 12; ++f) near.x(i, f) = near.x(i - 1, f) * (1 + 1e-6f * static_cast<float>(f % 3));
  }
  cases.push_back(near);

  Samples same = named("exact duplicates", clusters(140, 12, 4, .3, 6));
  for (std::size_t i = 3; i < 140; i += 3) {
    for (std::size_t f = 0; f < 12; ++f) same.x(i, f) = same.x(i - 3, f);
  }
  cases.push_back(same);

  Samples lattice = named("ties: a lattice of small integers", clusters(150, 2, 3, 1, 7));
  for (float& v : lattice.x) v = std::round(v);
  cases.push_back(lattice);

  Samples outlier = named("one outlier 10,000 times farther", clusters(150, 16, 3, .5, 8));
  for (std::size_t f = 0; f < 16; ++f) outlier.x(17, f) = 1e4f * static_cast<float>(f + 1);
  cases.push_back(outlier);

  cases.push_back(named("one feature", clusters(150, 1, 3, 2, 9)));
  cases.push_back(named("two perfectly separated classes", clusters(100, 8, 2, 100, 10)));
  cases.push_back(named("one class only", clusters(90, 8, 1, 1, 11)));
  cases.push_back(named("two samples of one class", clusters(2, 3, 1, 1, 12)));
  cases.push_back(named("three samples", clusters(3, 3, 2, 1, 13)));

  Samples singles = named("classes of one", clusters(80, 6, 4, .5, 14));
  for (std::int64_t i = 0; i < 30; ++i) singles.y[static_cast<std::size_t>(i)] = 100 + i;
  cases.push_back(singles);

  Samples twins = named("anti-clustered: each nearest neighbour is of the other class", clusters(100, 4, 2, 0, 15));
  for (std::size_t i = 1; i < 100; i += 2) {
    for (std::size_t f = 0; f < 4; ++f) twins.x(i, f) = twins.x(i - 1, f) + .01f;
  }
  cases.push_back(twins);

  Samples scales = named("classes of very different widths", clusters(150, 8, 3, 1, 16));
  for (std::size_t i = 0; i < 150; ++i) {
    for (std::size_t f = 0; f < 8; ++f) scales.x(i, f) *= i % 3 == 0 ? 1e-3f : i % 3 == 1 ? 1.f : 1e3f;
  }
  cases.push_back(scales);

  Samples huge = named("values near 1e18", clusters(80, 4, 2, .5, 17));
  for (float& v : huge.x) v *= 1e18f;
  cases.push_back(huge);

  Samples tiny = named("values near 1e-30", clusters(80, 4, 2, .5, 18));
  for (float& v : tiny.x) v *= 1e-30f;
  cases.push_back(tiny);
  return cases;
}

}  // namespace data
