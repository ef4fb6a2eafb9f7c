// Pooling of one sample's maps, against the definition written out.

#include "snnl/dump/pool_maps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "snnl/dump/pooling_text.hpp"

using snnl::dump::MapPooling;

namespace {

using Values = std::vector<double>;

/// Mean or largest of each cell of [c, h, w], in long double, cells as PyTorch has them.
Values by_definition(const MapPooling& p, const Values& x) {
  Values out;
  for (std::size_t c = 0; c < p.channels; ++c) {
    for (std::size_t i = 0; i < p.grid_rows; ++i) {
      for (std::size_t j = 0; j < p.grid_columns; ++j) {
        long double sum = 0, most = -std::numeric_limits<long double>::infinity();
        std::size_t count = 0;
        for (std::size_t y = 0; y < p.rows; ++y) {
          for (std::size_t z = 0; z < p.columns; ++z) {
            // floor(i h / g) <= y < ceil((i + 1) h / g)
            const bool inside = y + 1 > i * p.rows / p.grid_rows && y * p.grid_rows < (i + 1) * p.rows &&
                                z + 1 > j * p.columns / p.grid_columns && z * p.grid_columns < (j + 1) * p.columns;
            if (!inside) continue;
            const long double value = x[(c * p.rows + y) * p.columns + z];
            sum += value;
            most = std::max(most, value);
            ++count;
          }
        }
        out.push_back(static_cast<double>(p.largest ? most : sum / static_cast<long double>(count)));
      }
    }
  }
  return out;
}

/// [c, h, w] as [h, w, c].
template <class T>
std::vector<T> channels_last(const MapPooling& p, const std::vector<T>& x) {
  std::vector<T> out(x.size());
  for (std::size_t c = 0; c < p.channels; ++c) {
    for (std::size_t k = 0; k < p.rows * p.columns; ++k) out[k * p.channels + c] = x[c * p.rows * p.columns + k];
  }
  return out;
}

template <class T>
std::vector<T> pooled(const MapPooling& p, const std::vector<T>& x) {
  std::vector<T> out(p.features(), T(-77));
  snnl::dump::pool_maps(p, x.data(), out.data());
  return out;
}

MapPooling maps(std::size_t channels, std::size_t rows, std::size_t columns) {
  MapPooling p;
  p.channels = channels;
  p.rows = rows;
  p.columns = columns;
  return p;
}

}  // namespace

TEST_SUITE("pooling") {
  TEST_CASE("any map and grid: the definition, and the same bits with channels last") {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (int round = 0; round < 300; ++round) {
      const auto extent = [&] { return 1 + random() % 11; };
      MapPooling p = maps(1 + random() % 5, extent(), extent());
      p.largest = random() % 3 == 0;
      p.grid_rows = extent();
      p.grid_columns = extent();
      CAPTURE(p.rows);
      CAPTURE(p.columns);
      CAPTURE(p.grid_rows);
      CAPTURE(p.grid_columns);
      Values x(p.values());
      for (double& value : x) value = normal(random);
      std::vector<float> single(x.begin(), x.end());
      const Values widened(single.begin(), single.end());
      const Values expected = by_definition(p, x), expected_single = by_definition(p, widened);
      const Values found = pooled(p, x);
      const std::vector<float> found_single = pooled(p, single);
      REQUIRE(found.size() == expected.size());
      for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(std::abs(found[k] - expected[k]) <= 1e-14);  // values near 1, up to 121 of them
        CHECK(found_single[k] == static_cast<float>(expected_single[k]));
      }
      MapPooling last = p;
      last.channels_last = true;
      CHECK(pooled(last, channels_last(p, x)) == found);
      CHECK(pooled(last, channels_last(p, single)) == found_single);
    }
  }

  TEST_CASE("a grid of one cell is the mean; of as many as there are places, the map itself") {
    MapPooling p = maps(3, 5, 4);
    Values x(p.values());
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = std::sin(static_cast<double>(k));
    p.grid_rows = 5;
    p.grid_columns = 4;
    CHECK(pooled(p, x) == x);
  }

  TEST_CASE("a grid larger than the map repeats places") {
    MapPooling p = maps(1, 1, 2);
    p.grid_rows = 2;
    p.grid_columns = 3;
    CHECK(pooled(p, Values{1, 3}) == Values{1, 2, 3, 1, 2, 3});
  }

  TEST_CASE("a row is finite after pooling where it was before, and only there") {
    for (const bool largest : {false, true}) {
      for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()}) {
        MapPooling p = maps(2, 3, 3);
        p.largest = largest;
        Values x(p.values(), 1.);
        x[13] = bad;
        for (const double value : pooled(p, x)) CHECK(std::isnan(value));
      }
      MapPooling p = maps(2, 3, 1);
      p.largest = largest;
      constexpr double most = std::numeric_limits<double>::max();
      // Three of them are rounded up in the sum.
      CHECK(pooled(p, Values(6, most)) == Values(2, most));
      CHECK(pooled(p, Values(6, -most)) == Values(2, -most));
      constexpr float most_single = std::numeric_limits<float>::max();
      CHECK(pooled(p, std::vector<float>(6, most_single)) == std::vector<float>(2, most_single));
      CHECK(pooled(p, Values(6, -0.5)) == Values(2, -0.5));
    }
  }

  TEST_CASE("large numbers that cancel") {
    MapPooling p = maps(1, 1, 3);
    constexpr double most = std::numeric_limits<double>::max();
    CHECK(pooled(p, Values{most, most, -most}) == Values{most / 3});
  }

  TEST_CASE("what --pool may be") {
    using snnl::dump::parse_pool;
    using snnl::dump::Pool;
    snnl::dump::Pooling p;
    for (const char* text : {"none", "mean", "max", "4x4", "1x1", "4x2", "1024x1"}) {
      CHECK(parse_pool(text, p) == "");
      CHECK(snnl::dump::pool_text(p) == text);
    }
    for (const char* text : {"", "4", "x", "4x", "x4", "0x2", "2x0", "-1x2", "+1x2", " 4x4", "4x4 ", "4x4x4", "4X4",
                             "Mean", "avg", "4.0x4", "99999999999999999999999x1"}) {
      CHECK_MESSAGE(parse_pool(text, p) == std::string("'") + text + "' is not none, mean, max or a grid such as 4x4",
                    text);
    }
    CHECK(parse_pool("1025x4", p) == "'1025x4' is a grid of more than 1024 cells along an axis");
    CHECK(snnl::dump::pool_text(p) == "1024x1");
  }
}
