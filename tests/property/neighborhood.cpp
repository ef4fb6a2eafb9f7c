// EntanglementOptions::neighborhood: numbers that do not depend on how many samples there are.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "snnl/entanglement.hpp"
#include "snnl/entanglement/neighborhoods.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

namespace {

std::vector<std::int32_t> codes_of(const data::Samples& s) { return {s.y.begin(), s.y.end()}; }

data::Samples chosen(const data::Samples& s, const std::vector<std::size_t>& rows) {
  data::Samples out;
  out.x = xt::xtensor<float, 2>::from_shape({rows.size(), s.x.shape(1)});
  for (std::size_t k = 0; k < rows.size(); ++k) {
    for (std::size_t f = 0; f < s.x.shape(1); ++f) out.x(k, f) = s.x(rows[k], f);
    out.y.push_back(s.y[rows[k]]);
  }
  return out;
}

snnl::EntanglementOptions neighborhoods_of(std::size_t size, std::uint64_t seed = 0) {
  snnl::EntanglementOptions options;
  options.neighborhood = size;
  options.seed = seed;
  return options;
}

/// The mean loss at a temperature, samples weighted, as queries and as neighbours.
double weighted(const definition::Matrix& d, const definition::Labels& y, const std::vector<double>& w, double t) {
  double sum = 0, scored = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    double every = 0, own = 0;
    for (std::size_t j = 0; j < w.size(); ++j) {
      if (j == i) continue;
      every += w[j] * std::exp(-d[i][j] / t);
      if (y[j] == y[i]) own += w[j] * std::exp(-d[i][j] / t);
    }
    if (own == 0) continue;
    sum += w[i] * std::log(every / own);
    scored += w[i];
  }
  return sum / scored;
}

}  // namespace

TEST_CASE("neighbourhoods: draws hold every sample, each class by its share") {
  std::vector<std::int32_t> classes;
  for (int i = 0; i < 1000; ++i) classes.push_back(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
  for (const std::size_t size : {100U, 130U, 333U, 500U, 999U, 1000U}) {
    const auto draws = snnl::engine::stratified_draws(classes, 3, size, 7);
    CHECK(draws.size() == (1000 + size - 1) / size);
    std::set<std::size_t> seen;
    std::size_t drawn = 0;
    for (const auto& draw : draws) {
      CHECK(draw.size() == size);
      CHECK(std::is_sorted(draw.begin(), draw.end()));
      CHECK(std::set<std::size_t>(draw.begin(), draw.end()).size() == size);
      seen.insert(draw.begin(), draw.end());
      drawn += size;
      for (const auto& [c, share] : {std::pair{0, .6}, {1, .3}, {2, .1}}) {
        const auto count =
            std::count_if(draw.begin(), draw.end(), [&, c = c](std::size_t i) { return classes[i] == c; });
        CHECK(std::abs(static_cast<double>(count) - share * static_cast<double>(size)) <= 1);
      }
    }
    CHECK(seen.size() == 1000);
    if (1000 % size == 0) CHECK(drawn == 1000);
  }
  CHECK(snnl::engine::stratified_draws(classes, 3, 100, 7) == snnl::engine::stratified_draws(classes, 3, 100, 7));
  CHECK(snnl::engine::stratified_draws(classes, 3, 100, 7) != snnl::engine::stratified_draws(classes, 3, 100, 8));
}

TEST_CASE("neighbourhoods: the numbers are means of those of the draws, by the definition") {
  data::Samples s = data::clusters(260, 4, 3, .7, 11);
  for (std::size_t i = 0; i < 260; ++i) {
    if (s.y[i] == 2 && i % 2 > 0) s.y[i] = 1;
  }
  const snnl::Entanglement e = snnl::entanglement(s.x, s.y, neighborhoods_of(80, 5));
  const auto draws = snnl::engine::stratified_draws(codes_of(s), 3, 80, 5);
  REQUIRE(draws.size() == 4);
  double value = 0, chance = 0, distance = 0;
  for (const auto& draw : draws) {
    const data::Samples part = chosen(s, draw);
    const definition::Matrix d = definition::distances(data::widen(part.x));
    value += definition::scan(d, part.y).value / 4;
    distance += definition::mean_distance(d) / 4;
    chance += snnl::entanglement(part.x, part.y).chance / 4;
  }
  CHECK(e.value <= value + 1e-6);
  CHECK(e.value == doctest::Approx(value).epsilon(1e-4));
  CHECK(e.mean_distance == doctest::Approx(distance).epsilon(1e-6));
  CHECK(e.chance == doctest::Approx(chance));
  CHECK(e.normalized == doctest::Approx(value / chance).epsilon(1e-4));
  CHECK(e.samples == 260);
  CHECK(e.scored == 260);
  CHECK(e.class_counts[0] + e.class_counts[1] + e.class_counts[2] == 260);
  double row = 0;
  for (std::size_t b = 0; b < 3; ++b) row += e.class_similarity(1, b);
  CHECK(row == doctest::Approx(1));
}

TEST_CASE("neighbourhoods: that of all samples is exact") {
  const data::Samples s = data::clusters(150, 5, 3, .8, 3);
  const snnl::Entanglement plain = snnl::entanglement(s.x, s.y);
  const snnl::Entanglement all = snnl::entanglement(s.x, s.y, neighborhoods_of(150));
  CHECK(all.value == plain.value);
  CHECK(all.temperature == doctest::Approx(plain.temperature));
  CHECK(all.sample_loss == plain.sample_loss);
  CHECK(all.class_entanglement == plain.class_entanglement);
  CHECK(all.effective_neighbors == plain.effective_neighbors);
  CHECK(all.standard_error > 0);
}

TEST_CASE("neighbourhoods: the influence of a sample is the derivative by its weight") {
  data::Samples s = data::clusters(60, 4, 3, .9, 21);
  s.y[7] = 9;  // a neighbour, but not scored
  const definition::Matrix d = definition::distances(data::widen(s.x));
  const snnl::Entanglement e = snnl::entanglement(s.x, s.y);
  std::vector<std::int32_t> numbers;
  for (const auto label : s.y) numbers.push_back(label == 9 ? 3 : static_cast<std::int32_t>(label));
  const snnl::SampleMatrix view = snnl::MatrixView<const float>{s.x.data(), 60, 4};
  const snnl::engine::Points points(view, numbers, 4, snnl::Distance::sqeuclidean);
  std::vector<double> losses(60);
  for (std::size_t i = 0; i < 60; ++i) losses[i] = e.sample_loss[points.order()[i]];
  const std::vector<double> found = snnl::engine::influences(points, losses, e.value, e.temperature / points.unit(), 2);
  CHECK(found == snnl::engine::influences(points, losses, e.value, e.temperature / points.unit(), 1));
  for (std::size_t j = 0; j < 60; ++j) {
    std::vector<double> more(60, 1.), less(60, 1.);
    more[j] += 1e-4, less[j] -= 1e-4;
    const double slope = (weighted(d, s.y, more, e.temperature) - weighted(d, s.y, less, e.temperature)) / 2e-4;
    CHECK(found[j] / 59 == doctest::Approx(slope).epsilon(1e-4).scale(1e-2));
  }
}

TEST_CASE("neighbourhoods: different numbers of samples agree, and their errors are honest") {
  // Forty sets of 100 and five of 800 of one population: the mean is the same, the spread is what the errors say.
  const data::Samples population = data::clusters(8000, 6, 4, .8, 1000);
  const auto part = [&](std::size_t begin, std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), begin);
    return chosen(population, rows);
  };
  const std::size_t size = 100;
  std::vector<double> small, errors;
  for (std::size_t k = 0; k < 40; ++k) {
    const data::Samples s = part(100 * k, 100);
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, neighborhoods_of(size));
    small.push_back(e.value);
    errors.push_back(e.standard_error);
  }
  const auto mean = [](const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x;
    return sum / static_cast<double>(v.size());
  };
  double variance = 0, claimed = 0;
  for (std::size_t k = 0; k < small.size(); ++k) {
    variance += std::pow(small[k] - mean(small), 2) / 39;
    claimed += errors[k] * errors[k] / 40;
  }
  CHECK(std::sqrt(claimed / variance) == doctest::Approx(1).epsilon(.35));
  std::vector<double> whole;
  for (std::size_t k = 0; k < 5; ++k) {
    const data::Samples s = part(4000 + 800 * k, 800);
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, neighborhoods_of(size));
    CHECK(e.standard_error < mean(errors) / 2);
    CHECK(std::abs(e.value - mean(small)) < 3.5 * std::hypot(e.standard_error, std::sqrt(variance / 40)));
    whole.push_back(snnl::entanglement(s.x, s.y).value);
  }
  // What the option is for: of all samples at once the number is another one.
  CHECK(mean(small) - mean(whole) > 3.5 * std::sqrt(variance / 40 + variance / 8 / 5));
}

TEST_CASE("neighbourhoods: the same to the last bit on any number of threads") {
  const data::Samples s = data::clusters(700, 8, 5, .9, 2);
  snnl::EntanglementOptions options = neighborhoods_of(150);
  options.threads = 1;
  const snnl::Entanglement one = snnl::entanglement(s.x, s.y, options);
  for (const std::size_t threads : {2U, 3U, 16U}) {
    options.threads = threads;
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, options);
    CHECK(e.value == one.value);
    CHECK(e.standard_error == one.standard_error);
    CHECK(e.temperature == one.temperature);
    CHECK(e.sample_loss == one.sample_loss);
  }
}

TEST_CASE("neighbourhoods that cannot be drawn") {
  const data::Samples s = data::clusters(60, 3, 5, .9, 2);
  CHECK_THROWS_WITH(snnl::entanglement(s.x, s.y, neighborhoods_of(61)),
                    "60 samples are fewer than a neighbourhood of 61; choose a smaller one, for all that is compared");
  CHECK_THROWS_WITH(snnl::entanglement(s.x, s.y, neighborhoods_of(9)),
                    "a neighbourhood of 9 does not hold two of each of 5 classes; choose a larger one");
  snnl::EntanglementOptions options = neighborhoods_of(20);
  options.rows = 10;
  CHECK_THROWS_WITH(snnl::entanglement(s.x, s.y, options), "neighborhood: cannot go with rows");
  data::Samples wrong = s;
  wrong.x(50, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS(snnl::entanglement(wrong.x, wrong.y, neighborhoods_of(20)), doctest::Contains("row 50"),
                       snnl::Error);
}
