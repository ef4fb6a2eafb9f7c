#include "snnl/product/products.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "snnl/product/blas/load_blas.hpp"
#include "snnl/product/blas/spot_check.hpp"
#include "snnl/product/distances.hpp"
#include "snnl/product/plain.hpp"
#include "snnl/simd/instruction_set.hpp"
#include "support/makers.hpp"

namespace {

using snnl::product::Products;
using snnl::product::RowSet;

/// Rows of which value `k` of the group that begins with row `first` is value(first, k).
template <class Real, class Value>
RowSet<Real> filled(const Products<Real>& maker, std::size_t rows, std::size_t features, const Value& value) {
  RowSet<Real> set(maker, rows, features);
  std::vector<Real> values(set.group * features);
  for (std::size_t first = 0; first < rows; first += set.group) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<Real>(value(first, k));
    set.fill(first, values.data(), std::min(set.group, rows - first));
  }
  return set;
}

/// Small integers: products and their sums are exact in float, so that equality must be too.
template <class Real>
RowSet<Real> integers(const Products<Real>& maker, std::size_t rows, std::size_t features, int seed) {
  return filled<Real>(maker, rows, features, [seed](std::size_t first, std::size_t k) {
    return static_cast<int>((k * 7 + first * 5 + static_cast<std::size_t>(seed) * 13) % 11) - 5;
  });
}

template <class Real>
void check_distances(const Products<Real>& maker, std::size_t rows, std::size_t cols, std::size_t features) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(features);
  const auto left = integers<Real>(maker, rows, features, 1), right = integers<Real>(maker, cols, features, 2);
  const std::size_t filled = snnl::product::whole_lines<Real>(cols), stride = filled + 3;
  constexpr Real untouched = Real(-7);
  std::vector<Real> out(rows * stride + 1, std::numeric_limits<Real>::quiet_NaN());
  for (std::size_t i = 0; i < rows; ++i)
    std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(i * stride + filled), 3, untouched);
  out.back() = untouched;
  maker.squared_distances(left.view(0, rows), right.view(0, cols), out.data(), stride);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) {
      Real sum = 0;
      for (std::size_t f = 0; f < features; ++f) {
        sum += (left.value(i, f) - right.value(j, f)) * (left.value(i, f) - right.value(j, f));
      }
      REQUIRE(out[i * stride + j] == sum);
    }
    for (std::size_t j = cols; j < filled; ++j) REQUIRE(std::isfinite(out[i * stride + j]));
    for (std::size_t j = filled; j < stride; ++j) REQUIRE(out[i * stride + j] == untouched);
  }
  CHECK(out.back() == untouched);
}

template <class Real>
void check_blocks(const Products<Real>& maker) {
  for (const std::size_t rows : {1u, 2u, 17u, 64u}) {
    for (const std::size_t cols : {1u, 3u, 33u, 112u}) {
      for (const std::size_t features : {1u, 2u, 31u, 128u, 513u}) check_distances<Real>(maker, rows, cols, features);
    }
  }
  // A block inside a set; a distance that rounding would make negative is held at 0.
  const auto set = integers<Real>(maker, 70, 9, 3);
  std::vector<Real> out(2 * 48);
  snnl::product::distances(set, 32, 2, set, 16, 48, out.data(), 48);
  Real sum = 0;
  for (std::size_t f = 0; f < 9; ++f)
    sum += (set.value(33, f) - set.value(20, f)) * (set.value(33, f) - set.value(20, f));
  CHECK(out[48 + 4] == sum);
  CHECK_THROWS_AS(snnl::product::distances(set, 1, 2, set, 16, 48, out.data(), 48), std::invalid_argument);
  CHECK_THROWS_AS(snnl::product::distances(set, 0, 2, set, 16, 48, out.data(), 47), std::invalid_argument);
  RowSet<Real> same(maker, 1, 3);
  const Real values[] = {Real(.1), Real(.3), Real(-.7)};
  same.fill(0, values, 1);
  same.set_norm(0, same.norms()[0] * .999);
  std::vector<Real> own(same.group);
  maker.squared_distances(same.view(0, 1), same.view(0, 1), own.data(), same.group);
  CHECK(own[0] == 0);
}

/// Sums over the rows, or the columns, of weights that are whole numbers, from a row in the middle of the others on.
template <class Real>
void check_sums(const Products<Real>& maker, std::size_t rows, std::size_t cols, std::size_t features,
                bool transposed) {
  CAPTURE(rows);
  CAPTURE(cols);
  CAPTURE(features);
  CAPTURE(transposed);
  constexpr std::size_t first = 5;
  const auto weight = [](std::size_t i, std::size_t j) {
    return static_cast<Real>(static_cast<int>((i * 5 + j * 3) % 7) - 3);
  };
  const auto value = [](std::size_t j, std::size_t f) {
    return static_cast<Real>(static_cast<int>((j * 11 + f) % 9) - 4);
  };
  const std::size_t panel = maker.pair_panel(cols), terms = transposed ? rows : cols,
                    results = transposed ? cols : rows;
  snnl::memory::Buffer<Real> weights(snnl::product::whole_lines<Real>(rows) * snnl::product::whole_lines<Real>(cols));
  std::fill_n(weights.data(), snnl::product::whole_lines<Real>(rows) * snnl::product::whole_lines<Real>(cols), Real(0));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) weights.data()[(j / panel * rows + i) * panel + j % panel] = weight(i, j);
  }
  snnl::product::FeatureBlock<Real> y{nullptr, terms + first, features, maker.feature_panel(features)};
  snnl::memory::Buffer<Real> values(y.rows * y.width());
  std::fill_n(values.data(), y.rows * y.width(), Real(0));
  for (std::size_t j = 0; j < y.rows; ++j) {
    for (std::size_t f = 0; f < features; ++f)
      values.data()[(f / y.panel * y.rows + j) * y.panel + f % y.panel] = value(j, f);
  }
  y.values = values.data();
  const std::size_t stride = y.width() + 2;
  std::vector<Real> out(results * stride, Real(1));
  maker.accumulate({weights.data(), rows, cols, panel}, transposed, y, first, out.data(), stride);
  for (std::size_t a = 0; a < results; ++a) {
    for (std::size_t f = 0; f < features; ++f) {
      Real sum = 1;  // what was there before counts too
      for (std::size_t b = 0; b < terms; ++b) sum += (transposed ? weight(b, a) : weight(a, b)) * value(first + b, f);
      REQUIRE(out[a * stride + f] == sum);
    }
    for (std::size_t f = y.width(); f < stride; ++f) REQUIRE(out[a * stride + f] == 1);
  }
}

template <class Real>
void check_maker() {
  const Products<Real>& maker = snnl::product::products<Real>();
  check_blocks(maker);
  for (const std::size_t rows : {1u, 7u, 32u, 65u}) {
    for (const std::size_t cols : {1u, 16u, 35u}) {
      for (const std::size_t features : {1u, 17u, 80u}) {
        check_sums(maker, rows, cols, features, false);
        check_sums(maker, rows, cols, features, true);
      }
    }
  }
  check_sums(maker, 300, 9, 3, true);
  check_sums(maker, 9, 300, 3, false);
  CHECK(snnl::product::computes_rightly(maker));
}

/// Wrong in one place of a large tile, as a broken kernel is.
template <class Real>
void wrong_distances(const snnl::product::RowBlock<Real>& left, const snnl::product::RowBlock<Real>& right, Real* out,
                     std::size_t stride) {
  snnl::product::plain<Real>().squared_distances(left, right, out, stride);
  if (left.rows > 60) out[60 * stride] *= Real(1.5);
}

}  // namespace

TEST_CASE("products: every maker equals the definition with every instruction set of this machine") {
  const test::KeepMakers keep;
  for (const std::string& set : snnl::simd::available()) {
    snnl::simd::select(set);
    for (const std::string& name : snnl::product::available()) {
      CAPTURE(set);
      CAPTURE(name);
      snnl::product::select(name);
      REQUIRE(snnl::product::maker_in_use() == name);
      check_maker<float>();
      check_maker<double>();
    }
  }
}

TEST_CASE("products: plain gives the bits of packed in double with every instruction set") {
  const test::KeepMakers keep;
  for (const std::string& set : snnl::simd::available()) {
    CAPTURE(set);
    snnl::simd::select(set);
    for (const std::size_t features : {3u, 128u, 300u}) {
      std::vector<std::vector<double>> found;
      for (const std::string name : {"packed", "plain"}) {
        snnl::product::select(name);
        RowSet<double> rows(snnl::product::products<double>(), 40, features);
        std::vector<double> values(rows.group * features);
        for (std::size_t first = 0; first < 40; first += rows.group) {
          for (std::size_t k = 0; k < values.size(); ++k) values[k] = std::sin(static_cast<double>(k + first * 977));
          rows.fill(first, values.data(), rows.group);
        }
        found.emplace_back(40 * 40);
        rows.maker().squared_distances(rows.view(0, 40), rows.view(0, 40), found.back().data(), 40);
      }
      CHECK(found[0] == found[1]);
    }
  }
}

TEST_CASE("products: a maker that computes wrongly is found") {
  Products<float> wrong = snnl::product::plain<float>();
  wrong.squared_distances = &wrong_distances<float>;
  CHECK(!snnl::product::computes_rightly(wrong));
  Products<double> sums = snnl::product::plain<double>();
  sums.accumulate = [](const snnl::product::PairBlock<double>&, bool, const snnl::product::FeatureBlock<double>&,
                       std::size_t, double*, std::size_t) {};
  CHECK(!snnl::product::computes_rightly(sums));
}

namespace {

/// Normal numbers of all sizes, so that sums round.
template <class Real>
RowSet<Real> rough_numbers(const Products<Real>& maker, std::size_t rows, std::size_t features, double seed) {
  return filled<Real>(maker, rows, features, [=](std::size_t first, std::size_t k) {
    const auto at = static_cast<double>(k + first * features);
    return std::sin(seed + at * 1.7) * std::exp2(std::fmod(at, 17) - 8);
  });
}

template <class Real>
void check_spots(const Products<Real>& maker) {
  CAPTURE(maker.name);
  for (const std::size_t features : {1u, 3u, 64u, 700u, 20000u}) {
    CAPTURE(features);
    const std::size_t rows = 37, cols = 41, stride = snnl::product::whole_lines<Real>(cols);
    const auto left = rough_numbers<Real>(maker, rows, features, .3),
               right = rough_numbers<Real>(maker, cols, features, 9);
    const auto l = left.view(0, rows), r = right.view(0, cols);
    std::vector<Real> out(rows * stride);
    maker.squared_distances(l, r, out.data(), stride);
    const Real last = out[(rows - 1) * stride + cols - 1], first = out[0];
    for (int call = 0; call < 20; ++call) REQUIRE(snnl::product::are_distances(l, r, out.data(), stride));
    const auto finds = [&](std::size_t at, Real value, int calls) {
      const Real was = std::exchange(out[at], value);
      int found = 0;
      for (int call = 0; call < calls; ++call) found += !snnl::product::are_distances(l, r, out.data(), stride);
      out[at] = was;
      return found;
    };
    // The last one at once; any other sooner or later.
    const auto wrong = static_cast<Real>(std::max(1., 2.1 * static_cast<double>(features) * 1.2e-7));
    CHECK(finds((rows - 1) * stride + cols - 1, last * (1 + wrong) + wrong * 4, 1) == 1);
    CHECK(finds((rows - 1) * stride + cols - 1, std::numeric_limits<Real>::quiet_NaN(), 1) == 1);
    CHECK(finds(0, first * (1 + wrong) + wrong * (l.norms[0] + r.norms[0]), 20000) > 0);
  }
}

template <class Real>
void check_sum_spots(const Products<Real>& maker) {
  CAPTURE(maker.name);
  for (const bool transposed : {false, true}) {
    const std::size_t rows = 19, cols = 33, features = 21, panel = maker.pair_panel(cols);
    const std::size_t terms = transposed ? rows : cols, results = transposed ? cols : rows;
    snnl::memory::Buffer<Real> weights(snnl::product::whole_lines<Real>(rows) * snnl::product::whole_lines<Real>(cols));
    std::fill_n(weights.data(), snnl::product::whole_lines<Real>(rows) * snnl::product::whole_lines<Real>(cols),
                Real(0));
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) {
        weights.data()[(j / panel * rows + i) * panel + j % panel] =
            static_cast<Real>(std::sin(static_cast<double>(i * cols + j)));
      }
    }
    snnl::product::FeatureBlock<Real> y{nullptr, terms + 2, features, maker.feature_panel(features)};
    snnl::memory::Buffer<Real> values(y.rows * y.width());
    for (std::size_t k = 0; k < y.rows * y.width(); ++k) {
      values.data()[k] = static_cast<Real>(std::cos(static_cast<double>(k)));
    }
    y.values = values.data();
    std::vector<Real> out(results * y.width(), Real(.1));
    const snnl::product::PairBlock<Real> w{weights.data(), rows, cols, panel};
    const snnl::product::SumCheck<Real> check(w, transposed, y, 2, out.data(), y.width());
    CHECK(!check.holds());  // nothing was added yet
    maker.accumulate(w, transposed, y, 2, out.data(), y.width());
    CHECK(check.holds());
    out[(results - 1) * y.width() + features - 1] += Real(.01);
    CHECK(!check.holds());
  }
}

}  // namespace

TEST_CASE("products: a look at a few of them tells rounding from what is wrong") {
  const test::KeepMakers keep;
  for (const std::string& name : snnl::product::available()) {
    snnl::product::select(name);
    check_spots(snnl::product::products<float>());
    check_spots(snnl::product::products<double>());
    check_sum_spots(snnl::product::products<float>());
    check_sum_spots(snnl::product::products<double>());
  }
}

TEST_CASE("products: BLAS is held to one thread while one is asked for, and has its threads back after") {
  snnl::product::available();                // loads it
  if (!snnl::product::blas().there) return;  // built without it
  const snnl::product::BlasMakers& makers = snnl::product::blas().makers;
  const int before = makers.threads();
  makers.set_threads(2);
  {
    const snnl::product::OneThread outer;
    CHECK(makers.threads() == 1);
    {
      const snnl::product::OneThread inner;
      CHECK(makers.threads() == 1);
    }
    CHECK(makers.threads() == 1);
  }
  CHECK(makers.threads() == 2);
  makers.set_threads(before);
}

TEST_CASE("products: a maker that is not to be had cannot be selected") {
  CHECK_THROWS_AS(snnl::product::select("cublas"), std::invalid_argument);
}

TEST_CASE("products: the maker that SNNL_PRODUCTS names is in use") {
  const char* const name = std::getenv("SNNL_PRODUCTS");
  if (name) CHECK(snnl::product::maker_in_use() == name);
}
