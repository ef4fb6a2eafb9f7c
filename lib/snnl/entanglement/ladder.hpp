#pragma once

#include <cstddef>
#include <vector>

namespace snnl::engine {

/// Temperatures an octave apart, so that exp(-d / (T / 2)) = exp(-d / T)^2 serves them all with one exponential.
struct Ladder {
  double top = 0;                  ///< the highest temperature
  std::vector<std::size_t> index;  ///< step q is temperature top / 2^q, at this place of the list it came from
};

/// Splits temperatures, in any order, into ladders of at most max_ladder steps.
std::vector<Ladder> make_ladders(const std::vector<double>& temperatures);

}  // namespace snnl::engine
