#include "snnl/entanglement/profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/data.hpp"
#include "support/definition.hpp"

TEST_CASE("between its temperatures a profile gives what the definition gives") {
  const data::Samples s = data::clusters(240, 12, 4, .4, 31);
  const std::vector<std::int32_t> labels(s.y.begin(), s.y.end());
  const snnl::engine::Points points(snnl::MatrixView<const float>{s.x.data(), 240, 12}, labels, 4,
                                    snnl::Distance::sqeuclidean);
  const definition::Matrix d = definition::distances(data::widen(s.x));
  const snnl::engine::Queries queries(points);
  snnl::engine::Tiles<double> tiles(points, queries, 2);
  std::vector<double> temperatures;
  for (int k = 0; k < 12; ++k) temperatures.push_back(points.mean_distance() * std::exp2(k / 3. - 6));
  std::vector<snnl::engine::Nearest> nearest;
  const auto sums =
      snnl::engine::weight_sums_pass<double>(tiles, temperatures, 0, snnl::engine::Grouping::by_class, nearest);
  std::vector<double> offsets;
  for (const snnl::engine::Nearest& n : nearest) offsets.push_back(std::min(n.same, n.other));
  const snnl::engine::Profile profile =
      snnl::engine::make_profile<double>(points, queries, sums, temperatures, 0, offsets, {}, 2);
  CHECK(profile.unsafe.empty());

  for (const double octave : {-4.9, -4.4, -4.05, -3.5}) {
    CAPTURE(octave);
    const double t = points.mean_distance() * std::exp2(octave), outside = t * points.unit();
    const snnl::engine::PointDetails at = snnl::engine::interpolate(points, queries, profile, t, profile.unsafe, 2);
    double mean = 0;
    for (const double l : at.losses) mean += l / 240;
    CHECK(std::abs(mean - definition::entanglement(d, s.y, outside)) < 1e-6);
    const auto losses = definition::losses(d, s.y, outside);
    for (std::size_t i = 0; i < 240; ++i) {
      CHECK(std::abs(at.losses[i] - losses[points.order()[i]]) < 1e-4 * std::max(1., losses[points.order()[i]]));
    }
    CHECK(at.effective_neighbors == doctest::Approx(definition::effective_neighbors(d, outside)).epsilon(1e-4));
    const auto similarity = definition::class_similarity(d, s.y, 4, outside);
    for (std::size_t a = 0; a < 4; ++a) {
      for (std::size_t b = 0; b < 4; ++b) CHECK(std::abs(at.class_similarity[a * 4 + b] - similarity[a][b]) < 1e-5);
    }
    const auto share = snnl::engine::inverse_masses(profile, offsets, t, .3, profile.unsafe);
    for (const std::size_t i : {0u, 100u, 239u}) {
      double mass = 0;
      const auto& row = d[points.order()[i]];
      for (std::size_t j = 0; j < 240; ++j) {
        if (j != points.order()[i]) mass += std::exp((.3 - row[j] / points.unit()) / t);
      }
      CHECK(share[i] == doctest::Approx(1 / mass).epsilon(1e-4));
    }
  }
}
