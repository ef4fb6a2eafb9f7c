#include "snnl/entanglement/exact_rows.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "support/data.hpp"
#include "support/definition.hpp"

TEST_CASE("ExactRows equals the definition for every hard case, from 2^-40 to 2^10 mean distances") {
  for (const data::Samples& s : data::hard_cases()) {
    if (s.x.shape(1) > 1000) continue;
    CAPTURE(s.name);
    std::vector<std::int32_t> labels;
    for (const std::int64_t y : s.y) labels.push_back(static_cast<std::int32_t>(y));
    const snnl::engine::Points points(snnl::MatrixView<const float>{s.x.data(), s.x.shape(0), s.x.shape(1)}, labels,
                                      130, snnl::Distance::sqeuclidean);
    const definition::Matrix d = definition::distances(data::widen(s.x));
    std::vector<std::size_t> rows(points.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    snnl::engine::ExactRows exact(points, rows, 2);
    std::vector<double> temperatures;
    for (int k = -40; k <= 10; k += 5) temperatures.push_back(std::ldexp(points.mean_distance(), k));
    for (int twice = 0; twice < 2; ++twice) {  // the second time from the distances kept
      const std::vector<double> losses = exact.losses(temperatures);
      for (std::size_t t = 0; t < temperatures.size(); ++t) {
        const auto expected = definition::losses(d, s.y, temperatures[t] * points.unit());
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const double want = expected[points.order()[i]], got = losses[t * rows.size() + i];
          REQUIRE(std::isnan(got) == std::isnan(want));
          // The definition itself divides distances with errors of 1e-16 by T: 2^40 of them.
          if (!std::isnan(want)) {
            REQUIRE(std::abs(got - want) <=
                    1e-9 * std::max(1., want) + 4e-15 * std::ldexp(1., 5 * (8 - static_cast<int>(t))));
          }
        }
      }
    }
  }
}

TEST_CASE("ExactRows keeps nothing and says the same where there are too many rows to keep") {
  const data::Samples s = data::clusters(2300, 3, 4, .4, 9);
  const std::vector<std::int32_t> labels(s.y.begin(), s.y.end());
  const snnl::engine::Points points(snnl::MatrixView<const float>{s.x.data(), 2300, 3}, labels, 4,
                                    snnl::Distance::sqeuclidean);
  std::vector<std::size_t> all(2300);
  std::iota(all.begin(), all.end(), std::size_t{0});
  snnl::engine::ExactRows many(points, all, 2), few(points, {0, 7, 1500, 2299}, 2);
  const auto a = many.details(.05), b = few.details(.05);
  for (std::size_t k = 0; k < few.rows().size(); ++k) {
    const auto& of_many = a[few.rows()[k]];
    CHECK(b[k].loss == doctest::Approx(of_many.loss).epsilon(1e-12));
    CHECK(b[k].effective == doctest::Approx(of_many.effective).epsilon(1e-12));
    CHECK(std::accumulate(b[k].by_class.begin(), b[k].by_class.end(), 0.) == doctest::Approx(1).epsilon(1e-12));
  }
}
