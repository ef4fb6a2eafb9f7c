#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace snnl::engine {

/// The distance that the middle of the range of exp is put at in a pass down to `temperature`: where most rows have
/// their nearest neighbour of the own class. `nearest` are distances to it of a few rows; those without one are left
/// out.
inline double middle_shift(std::vector<double> nearest, double temperature) {
  std::erase_if(nearest, [](double d) { return !std::isfinite(d); });
  if (nearest.empty()) return 0;
  const auto middle = nearest.begin() + static_cast<std::ptrdiff_t>(nearest.size() / 2);
  std::nth_element(nearest.begin(), middle, nearest.end());
  // With the nearest at zero already inside the range there is no reason to move.
  return *middle < 20 * temperature ? 0 : *middle + 10 * temperature;
}

}  // namespace snnl::engine
