// Nearest neighbours, held against all distances in double, sorted.

#include "snnl/nearest_neighbors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "snnl/error.hpp"
#include "snnl/simd/instruction_set.hpp"

using snnl::Distance;
using snnl::Neighbors;

namespace {

struct Matrix {
  std::size_t rows, cols;
  std::vector<float> values;
  snnl::MatrixView<const float> view() const { return {values.data(), rows, cols}; }
  float& at(std::size_t i, std::size_t f) { return values[i * cols + f]; }
  const float* row(std::size_t i) const { return values.data() + i * cols; }
};

Matrix noise(std::size_t rows, std::size_t cols, unsigned seed, double offset = 0, double scale = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  Matrix out{rows, cols, std::vector<float>(rows * cols)};
  for (float& value : out.values) value = static_cast<float>(offset + scale * normal(random));
  return out;
}

double distance(const float* x, const float* y, std::size_t d, Distance kind) {
  long double sum = 0, xx = 0, yy = 0;
  for (std::size_t f = 0; f < d; ++f) {
    const long double a = x[f], b = y[f];
    sum += kind == Distance::sqeuclidean ? (a - b) * (a - b) : a * b;
    xx += a * a;
    yy += b * b;
  }
  if (kind == Distance::sqeuclidean) return static_cast<double>(sum);
  return xx * yy > 0 ? static_cast<double>(1 - sum / std::sqrt(xx * yy)) : 1.;
}

/// Order and distances as sorting all of them gives; neighbours whose distances differ by rounding may change places.
void check_against_definition(const Matrix& queries, const Matrix& training, std::size_t k, Distance kind) {
  const Neighbors found = snnl::nearest_neighbors(queries.view(), training.view(), k, {kind, 2});
  REQUIRE(found.indices.size() == queries.rows * k);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    std::vector<std::pair<double, std::size_t>> all;
    for (std::size_t j = 0; j < training.rows; ++j) {
      all.push_back({distance(queries.row(q), training.row(j), queries.cols, kind), j});
    }
    std::sort(all.begin(), all.end());
    std::vector<std::uint32_t> seen(found.indices_of(q), found.indices_of(q) + k);
    for (std::size_t r = 0; r < k; ++r) {
      CAPTURE(q);
      CAPTURE(r);
      const double tolerance = 1e-12 * (std::abs(all[r].first) + 1e-3);
      REQUIRE(std::abs(found.distances_of(q)[r] - all[r].first) <= tolerance);
      const double own = distance(queries.row(q), training.row(seen[r]), queries.cols, kind);
      REQUIRE(std::abs(own - all[r].first) <= tolerance);
    }
    std::sort(seen.begin(), seen.end());
    REQUIRE(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
  }
}

}  // namespace

TEST_SUITE("neighbors") {
  TEST_CASE("nearest neighbours: the definition, for many shapes and both distances") {
    for (const Distance kind : {Distance::sqeuclidean, Distance::cosine}) {
      for (const auto& [q, n, d, k] : std::vector<std::array<std::size_t, 4>>{
               {1, 1, 1, 1}, {3, 5, 2, 5}, {40, 700, 3, 17}, {300, 1300, 64, 75}, {17, 513, 300, 512}}) {
        check_against_definition(noise(q, d, 1), noise(n, d, 2), k, kind);
      }
    }
  }

  TEST_CASE("nearest neighbours: data on which float distances are wrong") {
    check_against_definition(noise(20, 30, 1, 1000), noise(600, 30, 2, 1000), 20, Distance::sqeuclidean);
    // All nearly at one distance, closer together than float tells.
    Matrix shell = noise(500, 20, 3);
    for (std::size_t i = 0; i < shell.rows; ++i) {
      double norm = 0;
      for (std::size_t f = 0; f < 20; ++f) norm += std::pow(shell.at(i, f), 2);
      for (std::size_t f = 0; f < 20; ++f) shell.at(i, f) = static_cast<float>(shell.at(i, f) / std::sqrt(norm));
    }
    check_against_definition(noise(5, 20, 4, 0, 1e-5), shell, 30, Distance::sqeuclidean);
    // One sample so far away that it takes all precision from the others.
    Matrix outlier = noise(400, 8, 5);
    outlier.at(123, 4) = 1e9f;
    check_against_definition(noise(10, 8, 6), outlier, 10, Distance::sqeuclidean);
    check_against_definition(noise(10, 8, 6, 0, 1e-30), noise(300, 8, 7, 0, 1e-30), 10, Distance::cosine);
    check_against_definition(noise(10, 8, 6, 0, 1e30), noise(300, 8, 7, 0, 1e30), 10, Distance::cosine);
  }

  TEST_CASE("nearest neighbours: equally near ones come by index, however many there are") {
    Matrix training = noise(3000, 6, 8);
    for (std::size_t i = 0; i < training.rows; ++i) {
      std::copy_n(training.row(i % 3), 6, training.values.data() + i * 6);  // 1000 of each
    }
    const Matrix queries = noise(9, 6, 9);
    for (const Distance kind : {Distance::sqeuclidean, Distance::cosine}) {
      const Neighbors found = snnl::nearest_neighbors(queries.view(), training.view(), 40, {kind, 3});
      for (std::size_t q = 0; q < queries.rows; ++q) {
        const std::uint32_t first = found.indices_of(q)[0];
        CHECK(first < 3);
        for (std::uint32_t r = 0; r < 40; ++r) CHECK(found.indices_of(q)[r] == first + 3 * r);
      }
    }
  }

  TEST_CASE("nearest neighbours: rows of zeros under cosine have distance 1 to all") {
    Matrix training = noise(50, 4, 10), queries = noise(3, 4, 11);
    for (std::size_t f = 0; f < 4; ++f) queries.at(1, f) = training.at(7, f) = training.at(30, f) = 0;
    const Neighbors found = snnl::nearest_neighbors(queries.view(), training.view(), 50, {Distance::cosine, 1});
    for (std::uint32_t r = 0; r < 50; ++r) {
      CHECK(found.indices_of(1)[r] == r);
      CHECK(found.distances_of(1)[r] == 1);
    }
    const auto* const end = found.indices_of(0) + 50;
    const auto at = std::find(found.indices_of(0), end, 7U);
    REQUIRE(at != end);
    CHECK(found.distances_of(0)[at - found.indices_of(0)] == 1);
    check_against_definition(queries, training, 12, Distance::cosine);
  }

  TEST_CASE("nearest neighbours: the same bits for any threads and instruction set") {
    const Matrix queries = noise(333, 40, 12), training = noise(2100, 40, 13);
    const Neighbors first = snnl::nearest_neighbors(queries.view(), training.view(), 21, {Distance::sqeuclidean, 1});
    const std::string before = snnl::simd::available().front();
    for (const std::string& set : snnl::simd::available()) {
      snnl::simd::select(set);
      for (const std::size_t threads : std::vector<std::size_t>{1, 2, 5}) {
        const Neighbors again =
            snnl::nearest_neighbors(queries.view(), training.view(), 21, {Distance::sqeuclidean, threads});
        CHECK(again.indices == first.indices);
        CHECK(again.distances == first.distances);
      }
    }
    snnl::simd::select(before);
  }

  TEST_CASE("nearest neighbours: what is refused") {
    const Matrix queries = noise(3, 4, 1), training = noise(10, 4, 2);
    CHECK_THROWS_WITH_AS(snnl::nearest_neighbors(queries.view(), training.view(), 11),
                         "11 neighbours are asked for, but there are 10 training samples", snnl::Error);
    CHECK_THROWS_AS(snnl::nearest_neighbors(queries.view(), training.view(), 0), snnl::Error);
    CHECK_THROWS_AS(snnl::nearest_neighbors(noise(3, 5, 1).view(), training.view(), 1), snnl::Error);
    Matrix bad = queries;
    bad.at(2, 1) = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH_AS(snnl::nearest_neighbors(bad.view(), training.view(), 1), "query row 2 holds NaN or Inf",
                         snnl::Error);
    bad = training;
    bad.at(9, 3) = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH_AS(snnl::nearest_neighbors(queries.view(), bad.view(), 1), "training row 9 holds NaN or Inf",
                         snnl::Error);
    CHECK(snnl::nearest_neighbors(noise(0, 4, 1).view(), training.view(), 3).indices.empty());
  }

  TEST_CASE("recall: the shared part of the neighbours") {
    constexpr std::uint32_t none = Neighbors::missing;
    const Neighbors exact{2, 3, {4, 1, 7, 0, 2, 5}, std::vector<double>(6)};
    CHECK(snnl::recall(exact, exact) == 1);
    CHECK(snnl::recall({2, 3, {7, 4, 1, 5, 0, 2}, std::vector<double>(6)}, exact) == 1);
    CHECK(snnl::recall({2, 3, {1, none, none, 3, 4, 0}, std::vector<double>(6)}, exact) == doctest::Approx(2. / 6));
    CHECK_THROWS_AS(snnl::recall({1, 3, {4, 1, 7}, std::vector<double>(3)}, exact), snnl::Error);
    CHECK_THROWS_AS(snnl::recall({}, {}), snnl::Error);
  }
}
