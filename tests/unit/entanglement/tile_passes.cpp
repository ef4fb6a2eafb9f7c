#include "snnl/entanglement/tile_passes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "snnl/entanglement/profile.hpp"
#include "snnl/tiles/tile_parts.hpp"
#include "snnl/tiles/tiles.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

namespace {

/// Classes of very different sizes, so that tiles hold many classes, parts of one, and borders everywhere.
data::Samples uneven_classes(std::size_t n) {
  data::Samples s = data::clusters(n, 6, 1, 0, 21);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t r = (i * 2654435761u) % 100;
    s.y[i] = r < 45 ? 0 : r < 80 ? 1 : r < 90 ? 2 : static_cast<std::int64_t>(3 + r % 10);
  }
  return s;
}

constexpr std::size_t classes = 13;

std::vector<double> least_of(const std::vector<snnl::engine::Nearest>& nearest) {
  std::vector<double> out;
  for (const snnl::engine::Nearest& n : nearest) out.push_back(std::min(n.same, n.other));
  return out;
}

snnl::engine::Points points_of(const data::Samples& s) {
  return {snnl::MatrixView<const float>{s.x.data(), s.x.shape(0), s.x.shape(1)},
          std::vector<std::int32_t>(s.y.begin(), s.y.end()), classes, snnl::Distance::sqeuclidean};
}

struct Slow {
  definition::Matrix d;  // in the engine's order and unit
  definition::Labels y;
};

Slow slow_of(const snnl::engine::Points& points, const data::Samples& s) {
  const definition::Matrix d = definition::distances(data::widen(s.x));
  Slow out;
  for (const std::size_t i : points.order()) {
    out.y.push_back(s.y[i]);
    out.d.emplace_back();
    for (const std::size_t j : points.order()) out.d.back().push_back(d[i][j] / points.unit());
  }
  return out;
}

template <class Real>
constexpr double pass_tolerance = 300 * static_cast<double>(std::numeric_limits<Real>::epsilon());

template <class Real>
void check_passes(std::size_t n) {
  CAPTURE(n);
  const data::Samples s = uneven_classes(n);
  const snnl::engine::Points points = points_of(s);
  const Slow slow = slow_of(points, s);
  const snnl::engine::Queries queries(points);
  snnl::engine::Tiles<Real> tiles(points, queries, 2);
  const std::vector<double> temperatures{.5, .25, .3, 2, .125, .0625, .03125, 1};

  std::vector<snnl::engine::Nearest> nearest;
  for (const auto grouping : {snnl::engine::Grouping::by_sameness, snnl::engine::Grouping::by_class}) {
    const auto sums = snnl::engine::weight_sums_pass<Real>(tiles, temperatures, .1, grouping, nearest);
    CHECK(sums.groups == (grouping == snnl::engine::Grouping::by_class ? classes : 2));
    const snnl::engine::Profile profile =
        snnl::engine::make_profile<Real>(points, queries, sums, temperatures, .1, least_of(nearest), {}, 1);
    for (std::size_t t = 0; t < temperatures.size(); ++t) {
      const auto expected = definition::losses(slow.d, slow.y, temperatures[t]);
      double mean = 0, scored = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double want = std::isnan(expected[i]) ? 0 : expected[i];
        REQUIRE(profile.losses[t * n + i] == doctest::Approx(want).epsilon(pass_tolerance<Real> / temperatures[t]));
        mean += want;
        scored += std::isnan(expected[i]) ? 0 : 1;
      }
      CHECK(profile.means[t] == doctest::Approx(mean / scored).epsilon(pass_tolerance<Real> / temperatures[t]));
    }
    for (const std::size_t i : profile.unsafe) CHECK(nearest[i].same > .1 + 40 * .03125);
  }
  for (std::size_t i = 0; i < n; ++i) {
    double same = INFINITY, other = INFINITY;
    for (std::size_t j = 0; j < n; ++j) {
      if (j != i)
        (slow.y[j] == slow.y[i] ? same : other) = std::min(slow.y[j] == slow.y[i] ? same : other, slow.d[i][j]);
    }
    if (std::isfinite(same)) CHECK(nearest[i].same == doctest::Approx(same).epsilon(pass_tolerance<Real>));
    CHECK(std::isinf(nearest[i].same) == std::isinf(same));
    CHECK(nearest[i].other == doctest::Approx(other).epsilon(pass_tolerance<Real>));
  }

  const double t = .2;
  const auto masses = snnl::engine::mass_pass<Real>(tiles, t, .1, nearest);
  std::vector<double> share;
  for (const auto& mass : masses) share.push_back(1 / mass.total());
  const auto similarity = snnl::engine::class_pass<Real>(tiles, t, .1, share, nearest);
  const auto expected = definition::class_similarity(slow.d, slow.y, classes, t);
  double effective = 0;
  for (const auto& mass : masses) {
    CHECK(mass.trusted);
    effective += mass.total() * std::exp2(-mass.moment / mass.total());
  }
  CHECK(effective / static_cast<double>(n) ==
        doctest::Approx(definition::effective_neighbors(slow.d, t)).epsilon(pass_tolerance<Real> * 10));
  for (std::size_t a = 0; a < classes; ++a) {
    for (std::size_t b = 0; b < classes; ++b) {
      const double members = static_cast<double>(points.class_size(a));
      if (members > 0) {
        CHECK(similarity[a * classes + b] / members ==
              doctest::Approx(expected[a][b]).epsilon(pass_tolerance<Real> * 10));
      }
    }
  }
}

}  // namespace

TEST_CASE("passes over tiles equal the definition, for one tile, odd edges, and many tiles") {
  for (const std::size_t n : {5u, 63u, 64u, 65u, 300u}) {
    check_passes<float>(n);
    check_passes<double>(n);
  }
}

TEST_CASE("a row whose weights leave the range has a shift of its own, or is done again, not wrong") {
  const data::Samples s = uneven_classes(90);
  const snnl::engine::Points points = points_of(s);
  const Slow slow = slow_of(points, s);
  const snnl::engine::Queries queries(points);
  snnl::engine::Tiles<float> tiles(points, queries, 2);
  std::size_t unsafe = 0, safe = 0;
  for (const double t : {.002, .0002, .00002}) {
    const auto expected = definition::losses(slow.d, slow.y, t);
    std::vector<snnl::engine::Nearest> nearest;  // found by the first pass, and known in the others
    for (const double shift : {0., .1, .2, .4}) {
      CAPTURE(t);
      CAPTURE(shift);
      const auto sums =
          snnl::engine::weight_sums_pass<float>(tiles, {t}, shift, snnl::engine::Grouping::by_class, nearest);
      const snnl::engine::Profile profile =
          snnl::engine::make_profile<float>(points, queries, sums, {t}, shift, least_of(nearest), {}, 1);
      unsafe += profile.unsafe.size();
      safe += 90 - profile.unsafe.size();
      for (std::size_t i = 0; i < 90; ++i) {
        const bool redone = std::binary_search(profile.unsafe.begin(), profile.unsafe.end(), i);
        const double want = std::isnan(expected[i]) ? 0 : expected[i];
        CHECK(profile.losses[i] == doctest::Approx(want).epsilon(redone ? 1e-9 : 1e-5 / t));
      }
    }
  }
  CHECK(unsafe > 0);
  CHECK(safe > 0);
}

TEST_CASE("split_by_sameness covers every pair of a tile once, with the right answer") {
  const data::Samples s = uneven_classes(200);
  const snnl::engine::Points points = points_of(s);
  const snnl::engine::Queries queries(points);
  std::vector<float> buffer(70 * 60);
  for (const std::size_t row_begin : {0u, 64u, 130u}) {
    for (const std::size_t col_begin : {0u, 64u, 140u}) {
      snnl::engine::Tile<float> tile{row_begin, col_begin, {buffer.data(), 60, 70, 60}, false};
      std::vector<int> seen(70 * 60, 0);
      snnl::engine::split_by_sameness(points, queries, tile, [&](const snnl::engine::TilePart<float>& part, bool same) {
        CHECK(part.rect.data == buffer.data() + part.row * 60 + part.col);
        for (std::size_t i = part.row; i < part.row + part.rect.rows; ++i) {
          for (std::size_t j = part.col; j < part.col + part.rect.cols; ++j) {
            ++seen[i * 60 + j];
            REQUIRE(same == (points.label(row_begin + i) == points.label(col_begin + j)));
          }
        }
      });
      CHECK(std::all_of(seen.begin(), seen.end(), [](int k) { return k == 1; }));
    }
  }
}

TEST_CASE("tiles kept from one pass to the next change no bit, kept in part or whole") {
  const data::Samples s = uneven_classes(300);
  const snnl::engine::Points points = points_of(s);
  const snnl::engine::Queries queries(points);
  const auto pass = [](snnl::engine::Tiles<float>& tiles) {
    std::vector<snnl::engine::Nearest> nearest;
    return snnl::engine::weight_sums_pass<float>(tiles, {.2}, .1, snnl::engine::Grouping::by_class, nearest).values;
  };
  snnl::engine::Tiles<float> fresh(points, queries, 2);
  const std::vector<double> expected = pass(fresh);
  const std::size_t one = fresh.edge() * fresh.edge() * sizeof(float);
  for (const std::size_t bytes : {std::size_t{0}, one - 1, one, 7 * one, 1000 * one}) {
    CAPTURE(bytes);
    snnl::engine::Tiles<float> tiles(points, queries, 2);
    tiles.keep(bytes);
    for (int round = 0; round < 3; ++round) {
      CHECK(pass(tiles) == expected);
      // What a reducer of an earlier pass might have spoilt would show.
      if (round == 1) tiles.keep(3 * one);
    }
  }
}
