#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "snnl/entanglement.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"

namespace {

/// The promise of snnl::entanglement.
double bound(double reference) { return 1e-5 * std::max(1., reference); }

snnl::EntanglementOptions options_for(snnl::Distance distance, snnl::Precision precision) {
  snnl::EntanglementOptions options;
  options.distance = distance;
  options.precision = precision;
  options.threads = 2;
  return options;
}

void check_case(const data::Samples& samples, snnl::Distance distance, snnl::Precision precision) {
  CAPTURE(samples.name);
  CAPTURE(static_cast<int>(distance));
  CAPTURE(static_cast<int>(precision));
  const definition::Matrix d = definition::distances(data::widen(samples.x), distance);
  const double unit = definition::mean_distance(d);
  auto options = options_for(distance, precision);

  const snnl::Entanglement best = snnl::entanglement(samples.x, samples.y, options);
  CHECK(best.mean_distance == doctest::Approx(unit).epsilon(1e-9));
  const double reference = definition::entanglement(d, samples.y, best.temperature);
  CHECK(std::abs(best.value - reference) <= bound(reference));
  const definition::Optimum optimum = definition::scan(d, samples.y);
  CAPTURE(optimum.temperature);
  CAPTURE(best.temperature);
  CHECK(best.value <= optimum.value + 1e-6);
  CHECK(reference <= optimum.value + 1e-6);

  for (const int octave : {-20, -17, -14, -11, -8, -6, -4, -3, -2, -1, 0, 1, 3, 6, 10}) {
    CAPTURE(octave);
    options.temperature = std::ldexp(unit, octave);
    const snnl::Entanglement fixed = snnl::entanglement(samples.x, samples.y, options);
    const double expected = definition::entanglement(d, samples.y, *options.temperature);
    CHECK(std::abs(fixed.value - expected) <= bound(expected));
    const double neighbors = definition::effective_neighbors(d, *options.temperature);
    CHECK(fixed.effective_neighbors == doctest::Approx(neighbors).epsilon(1e-4));
  }
}

}  // namespace

TEST_CASE("entanglement agrees with the definition at the optimum and at fixed temperatures") {
  for (const data::Samples& hard : data::hard_cases()) {
    SUBCASE(hard.name.c_str()) { check_case(hard, snnl::Distance::sqeuclidean, snnl::Precision::automatic); }
  }
}

TEST_CASE("entanglement agrees with the definition in double") {
  for (const data::Samples& hard : data::hard_cases()) {
    SUBCASE(hard.name.c_str()) { check_case(hard, snnl::Distance::sqeuclidean, snnl::Precision::twice); }
  }
}

TEST_CASE("entanglement agrees with the definition under cosine") {
  for (const data::Samples& hard : data::hard_cases()) {
    if (hard.x.shape(1) == 1) continue;  // all cosines are 1 or -1: see the degenerate cases
    SUBCASE(hard.name.c_str()) { check_case(hard, snnl::Distance::cosine, snnl::Precision::automatic); }
  }
}
