#include "snnl/analysis/analysis_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

/// One layer with these entanglements, epoch by epoch; 1e-9 is the bound of a search that ended at no minimum.
std::string trend_of(const std::vector<double>& values) {
  snnl::Analysis analysis;
  for (std::size_t k = 0; k < values.size(); ++k) {
    snnl::Entanglement r;
    r.samples = r.scored = 100;
    r.value = values[k];
    r.standard_error = 1e-3;
    r.chance = 1;
    r.mean_distance = r.temperature = 1;
    if (values[k] < 1e-6) r.temperature_status = snnl::TemperatureStatus::lower_bound;
    analysis.items.push_back({static_cast<std::int64_t>(k), "a", "", 0, r});
  }
  const std::string table = snnl::analysis::to_table(analysis);
  const std::size_t row = table.find("\n  a "), end = table.find('\n', row + 1);
  const std::string line = table.substr(row, end - row);
  return line.substr(line.rfind("  ") + 2);
}

}  // namespace

TEST_SUITE("analysis") {
  TEST_CASE("table: a layer that separates is told in words, not by 1e-09 and 100 %") {
    CHECK(trend_of({.5, .1, 1e-9}) == "separates");
    CHECK(trend_of({1e-9, .1, .5}) == "rises from separated");
    CHECK(trend_of({1e-9, 1e-9, 1e-9}) == "steady");
    CHECK(trend_of({.5, .3, .1}) == "falls 80 %");
    CHECK(trend_of({.01, .1, .5}) == "rises x50.0");
  }
}
