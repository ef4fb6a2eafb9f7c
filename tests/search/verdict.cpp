#include "search/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "search/dense_scan.hpp"

namespace search {

Verdict judge(const Recipe& recipe, snnl::EntanglementOptions options) {
  const data::Samples samples = cook(recipe);
  options.threads = 1;
  options.distance = recipe.cosine ? snnl::Distance::cosine : snnl::Distance::sqeuclidean;
  const snnl::Entanglement found = snnl::entanglement(samples.x, samples.y, options);
  const DenseScan scan(samples.x, samples.y, options.distance);
  // Where unit rows are rounded, ties are broken by 1e-16: over T that must stay out of sight of the scan too.
  const DenseScan::Least least = scan.least(recipe.n > 1000 ? 4 : 8, recipe.cosine ? -26 : -40);
  Verdict v;
  v.status = found.temperature_status;
  v.passes = found.passes;
  v.value = found.value;
  v.temperature = found.temperature / found.mean_distance;
  v.scanned = least.loss;
  v.scanned_at = least.temperature / scan.mean_distance();
  const double exact = scan.at(found.temperature), unit = std::max(1., least.loss);
  v.excess = std::max(0., exact - least.loss) / unit;
  v.error = std::abs(found.value - exact) / std::max(1., exact);
  // What rounding of unit rows does at the temperature that was found.
  const double rounding = recipe.cosine ? 4e-16 / v.temperature : 0;
  if (!(v.error <= 1e-5 + rounding)) v.failure = "wrong value";
  if (!(v.excess <= 1e-6 + rounding)) v.failure = "not the least";
  if (!v.failure.empty()) {
    char text[200];
    std::snprintf(text, sizeof text, " (%.10g at %.6g, there %.10g; scan %.10g at %.6g; status %d, %zu passes)",
                  v.value, v.temperature, exact, v.scanned, v.scanned_at, static_cast<int>(v.status), v.passes);
    v.failure += text;
  }
  return v;
}

}  // namespace search
