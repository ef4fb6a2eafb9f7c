// EntanglementOptions::rows: estimates from a sample of the rows.

#include <doctest/doctest.h>

#include <cmath>

#include "snnl/entanglement.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

namespace {

/// Five classes of very different sizes, one of them of one sample.
data::Samples uneven(std::size_t n) {
  data::Samples s = data::clusters(n, 4, 3, .7, 44);
  for (std::size_t i = 0; i < n; ++i) {
    if (s.y[i] == 2 && i % 5 == 0) s.y[i] = 3;
  }
  s.y[0] = 9;
  return s;
}

}  // namespace

TEST_CASE("rows: what is reported follows the definition on the rows drawn") {
  const data::Samples s = uneven(400);
  const definition::Matrix d = definition::distances(data::widen(s.x));
  snnl::EntanglementOptions options;
  options.rows = 90;
  options.seed = 3;
  options.threads = 2;
  for (const bool fixed : {true, false}) {
    for (const auto precision : {snnl::Precision::automatic, snnl::Precision::twice}) {
      options.precision = precision;
      if (fixed) options.temperature = .2 * definition::mean_distance(d);
      const snnl::Entanglement e = snnl::entanglement(s.x, s.y, options);
      options.temperature.reset();
      CHECK(e.queries == 90);
      const auto losses = definition::losses(d, s.y, e.temperature);
      double value = 0, scored = 0;
      std::size_t drawn = 0;
      for (std::size_t c = 0; c < e.classes.size(); ++c) {
        double of_class = 0, members = 0;
        for (std::size_t i = 0; i < 400; ++i) {
          if (s.y[i] != e.classes[c] || std::isnan(e.sample_loss[i])) continue;
          CHECK(e.sample_loss[i] == doctest::Approx(losses[i]).epsilon(2e-4));
          of_class += losses[i];
          ++members;
        }
        drawn += static_cast<std::size_t>(members);
        if (e.class_counts[c] < 2) continue;
        CHECK(e.class_entanglement[c] == doctest::Approx(of_class / members).epsilon(1e-4));
        value += static_cast<double>(e.class_counts[c]) * of_class / members;
        scored += static_cast<double>(e.class_counts[c]);
        double row = 0;
        for (std::size_t b = 0; b < e.classes.size(); ++b) row += e.class_similarity(c, b);
        CHECK(row == doctest::Approx(1));
      }
      CHECK(drawn == 89);  // the class of one was drawn too, but has no loss
      CHECK(e.value == doctest::Approx(value / scored).epsilon(1e-5));
      // The temperature is the best one for these rows.
      if (!fixed) {
        for (const double factor : {.8, 1.25}) {
          snnl::EntanglementOptions beside = options;
          beside.temperature = e.temperature * factor;
          CHECK(snnl::entanglement(s.x, s.y, beside).value > e.value);
        }
      }
    }
  }
}

TEST_CASE("rows: unbiased, and its standard error is the one it has") {
  const data::Samples s = uneven(600);
  snnl::EntanglementOptions options;
  options.threads = 1;
  const snnl::Entanglement whole = snnl::entanglement(s.x, s.y, options);
  options.temperature = whole.temperature;
  options.rows = 120;
  constexpr int rounds = 400;
  double sum = 0, squares = 0, neighbors = 0, similarity = 0;
  int within_one = 0, within_three = 0;
  for (int k = 0; k < rounds; ++k) {
    options.seed = static_cast<std::uint64_t>(k);
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, options);
    sum += e.value - whole.value;
    squares += e.standard_error * e.standard_error;
    neighbors += e.effective_neighbors / rounds;
    similarity += e.class_similarity(0, 1) / rounds;
    within_one += std::abs(e.value - whole.value) <= e.standard_error ? 1 : 0;
    within_three += std::abs(e.value - whole.value) <= 3 * e.standard_error ? 1 : 0;
  }
  CHECK(std::abs(sum / rounds) < 4 * std::sqrt(squares / rounds / rounds));
  // 68.3 % and 99.7 % of 400, less and more four standard deviations of a count.
  CHECK(within_one > 236);
  CHECK(within_one < 310);
  CHECK(within_three >= 394);
  CHECK(neighbors == doctest::Approx(whole.effective_neighbors).epsilon(.02));
  CHECK(similarity == doctest::Approx(whole.class_similarity(0, 1)).epsilon(.03));
}

TEST_CASE("rows: within three standard errors at the optimum of the sample, too") {
  const data::Samples s = uneven(600);
  const snnl::Entanglement whole = snnl::entanglement(s.x, s.y);
  snnl::EntanglementOptions options;
  options.rows = 150;
  options.threads = 1;
  int within = 0;
  for (int k = 0; k < 100; ++k) {
    options.seed = static_cast<std::uint64_t>(k);
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, options);
    within += std::abs(e.value - whole.value) <= 3 * e.standard_error ? 1 : 0;
  }
  CHECK(within >= 97);
}

TEST_CASE("rows: all of them is the exact result, and threads change no bit") {
  const data::Samples s = uneven(700);
  snnl::EntanglementOptions options;
  const snnl::Entanglement whole = snnl::entanglement(s.x, s.y, options);
  options.rows = 700;
  CHECK(snnl::entanglement(s.x, s.y, options).value == whole.value);
  options.rows = 300;
  options.threads = 1;
  const snnl::Entanglement one = snnl::entanglement(s.x, s.y, options);
  for (const std::size_t threads : {2u, 3u, 7u}) {
    options.threads = threads;
    const snnl::Entanglement e = snnl::entanglement(s.x, s.y, options);
    CHECK(e.value == one.value);
    CHECK(e.temperature == one.temperature);
    CHECK(e.class_similarity == one.class_similarity);
    CHECK(e.effective_neighbors == one.effective_neighbors);
  }
}
