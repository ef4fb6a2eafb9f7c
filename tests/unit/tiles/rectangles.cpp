#include "snnl/tiles/rectangles.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <span>
#include <vector>

#include "snnl/product/products.hpp"

namespace {

constexpr std::size_t features = 5;

/// Feature f of sample i.
double sample(std::size_t i, std::size_t f) { return std::sin(static_cast<double>(i * features + f + 1)); }

snnl::product::RowSet<double> samples(std::size_t first, std::size_t count) {
  using snnl::product::RowSet;
  RowSet<double> set(snnl::product::products<double>(), count, features);
  for (std::size_t at = 0; at < count; at += RowSet<double>::group) {
    const std::size_t here = std::min(RowSet<double>::group, count - at);
    std::vector<double> rows;
    for (std::size_t i = 0; i < here * features; ++i) rows.push_back(sample(first + at + i / features, i % features));
    set.fill(at, rows.data(), here);
  }
  return set;
}

double distance(std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t f = 0; f < features; ++f) sum += std::pow(sample(a, f) - sample(b, f), 2);
  return sum;
}

}  // namespace

TEST_CASE("rectangles: every pair is visited once, in tiles of the shape asked for, however columns are made") {
  constexpr std::size_t rows = 77, columns = 203, first_row = 40;
  const snnl::product::RowSet<double> row_set = samples(first_row, rows);
  std::vector<std::size_t> selves(rows);
  for (std::size_t i = 0; i < rows; ++i) selves[i] = first_row + i;
  for (const std::size_t threads : {1u, 3u}) {
    for (const bool along_columns : {false, true}) {
      for (const bool has_selves : {false, true}) {
        CAPTURE(threads);
        CAPTURE(along_columns);
        CAPTURE(has_selves);
        std::vector<int> seen(rows * columns, 0);
        std::vector<double> found(rows * columns);
        std::mutex one;
        std::size_t most_rows = 0, most_cols = 0;
        const auto consume = [&](const snnl::engine::Tile<double>& tile, std::size_t worker) {
          const std::lock_guard lock(one);
          CHECK(worker < threads);
          CHECK(!tile.mirrored);
          most_rows = std::max(most_rows, tile.rect.rows);
          most_cols = std::max(most_cols, tile.rect.cols);
          for (std::size_t i = 0; i < tile.rect.rows; ++i) {
            for (std::size_t j = 0; j < tile.rect.cols; ++j) {
              const std::size_t at = (tile.row_begin + i) * columns + tile.col_begin + j;
              ++seen[at];
              found[at] = tile.rect.data[i * tile.rect.stride + j];
            }
          }
        };
        const std::span<const std::size_t> own =
            has_selves ? std::span<const std::size_t>(selves) : std::span<const std::size_t>();
        snnl::engine::Rectangles<double> rectangles(row_set, own, {32, 64}, threads);
        if (along_columns) {
          rectangles.along_columns(columns, samples, consume);
        } else {
          rectangles.along_rows(columns, samples, 2 * 64 * features * sizeof(double), consume);
        }
        CHECK(most_rows == 32);
        CHECK(most_cols == 64);
        for (std::size_t at = 0; at < found.size(); ++at) {
          const std::size_t i = at / columns, j = at % columns;
          REQUIRE(seen[at] == 1);
          if (has_selves && selves[i] == j) {
            REQUIRE(found[at] == std::numeric_limits<double>::infinity());
          } else {
            REQUIRE(found[at] == doctest::Approx(distance(first_row + i, j)).epsilon(1e-12));
          }
        }
      }
    }
  }
}
