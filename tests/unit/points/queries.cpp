#include "snnl/points/queries.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <set>

#include "snnl/error.hpp"
#include "support/data.hpp"

namespace {

/// `sizes[c]` samples of class c.
struct Case {
  xt::xtensor<float, 2> x;
  std::vector<std::int32_t> labels;
  std::vector<std::size_t> sizes;

  explicit Case(std::vector<std::size_t> sizes_) : sizes(std::move(sizes_)) {
    for (std::size_t c = 0; c < sizes.size(); ++c) labels.insert(labels.end(), sizes[c], static_cast<std::int32_t>(c));
    x = data::clusters(labels.size(), 2, 1, 0, 3).x;
  }
  snnl::engine::Points points() const {
    return {snnl::MatrixView<const float>{x.data(), x.shape(0), x.shape(1)}, labels, sizes.size(),
            snnl::Distance::sqeuclidean};
  }
};

std::vector<std::size_t> counts(const snnl::engine::Queries& q) {
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c + 1 < q.class_begin().size(); ++c)
    out.push_back(q.class_begin()[c + 1] - q.class_begin()[c]);
  return out;
}

}  // namespace

TEST_CASE("queries: every sample by default, and where as many or more are asked for") {
  const Case c({4, 0, 6});
  const snnl::engine::Points points = c.points();
  for (const snnl::engine::Queries& q :
       {snnl::engine::Queries(points), snnl::engine::Queries(points, 10, 1), snnl::engine::Queries(points, 11, 1)}) {
    CHECK(q.all());
    CHECK(q.size() == 10);
    CHECK(q.row(7) == 7);
    CHECK(q.class_begin() == points.class_begin());
    CHECK(q.weight(2) == 1);
  }
}

TEST_CASE("queries: each class gets its share, at least two, and never more than it has") {
  const struct {
    std::vector<std::size_t> sizes;
    std::size_t count;
    std::vector<std::size_t> expected;
  } cases[] = {
      {{500, 300, 200}, 100, {50, 30, 20}}, {{997, 1, 2}, 100, {97, 1, 2}},       {{900, 50, 50}, 10, {6, 2, 2}},
      {{10, 10, 10}, 7, {3, 2, 2}},         {{0, 1000, 0, 3}, 20, {0, 18, 0, 2}}, {{1, 1, 1, 40}, 5, {1, 1, 1, 2}},
  };
  for (const auto& t : cases) {
    CAPTURE(t.count);
    const Case c(t.sizes);
    const snnl::engine::Points points = c.points();
    const snnl::engine::Queries q(points, t.count, 5);
    CHECK_FALSE(q.all());
    CHECK(q.size() == t.count);
    CHECK(counts(q) == t.expected);
    double stood_for = 0;
    for (std::size_t k = 0; k < t.sizes.size(); ++k) {
      stood_for += q.weight(k) * static_cast<double>(t.expected[k]);
      for (std::size_t i = q.class_begin()[k]; i < q.class_begin()[k + 1]; ++i) {
        CHECK(points.label(q.row(i)) == static_cast<std::int32_t>(k));
        if (i > 0) CHECK(q.row(i) > q.row(i - 1));
      }
    }
    CHECK(stood_for == doctest::Approx(static_cast<double>(points.size())));
  }
}

TEST_CASE("queries: the counts add up and keep their bounds for many shapes") {
  std::uint32_t state = 1;
  const auto next = [&](std::uint32_t below) { return (state = state * 1664525u + 1013904223u) / 65536u % below; };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::size_t> sizes(1 + next(12));
    for (auto& s : sizes) s = next(4) == 0 ? next(3) : 1 + next(300);
    const std::size_t n = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
    std::size_t least = 0;
    for (const std::size_t s : sizes) least += std::min<std::size_t>(s, 2);
    if (n < 3 || n == least) continue;
    const Case c(sizes);
    const snnl::engine::Points points = c.points();
    const std::size_t count = least + next(static_cast<std::uint32_t>(n - least));
    const snnl::engine::Queries q(points, count, static_cast<std::uint64_t>(round));
    REQUIRE(q.size() == count);
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      REQUIRE(counts(q)[k] >= std::min<std::size_t>(sizes[k], 2));
      REQUIRE(counts(q)[k] <= sizes[k]);
    }
  }
}

TEST_CASE("queries: a seed draws the same samples, another seed others, and every sample can be drawn") {
  const Case c({30, 20});
  const snnl::engine::Points points = c.points();
  CHECK(snnl::engine::Queries(points, 10, 1).rows() == snnl::engine::Queries(points, 10, 1).rows());
  CHECK(snnl::engine::Queries(points, 10, 1).rows() != snnl::engine::Queries(points, 10, 2).rows());
  std::vector<int> drawn(50, 0);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const snnl::engine::Queries q(points, 10, seed);
    for (const std::size_t row : q.rows()) ++drawn[row];
  }
  for (const int k : drawn) CHECK(std::abs(k - 200) < 64);  // five standard deviations
}

TEST_CASE("queries: too few for two of each class are refused") {
  const Case c({30, 20, 1});
  const snnl::engine::Points points = c.points();
  CHECK_THROWS_WITH_AS(snnl::engine::Queries(points, 4, 1),
                       "4 query rows are too few for two of each class; at least 5 are needed", snnl::Error);
}
