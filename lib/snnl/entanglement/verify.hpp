#pragma once

#include <string>

#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"

namespace snnl::engine {

/// What is to be verified, in the engine's units.
struct Claim {
  double temperature = 0;
  double value = 0;         ///< mean loss there
  bool is_optimum = false;  ///< that no temperature in the range has a lower one
};

/// Holds a result against what it took a short cut to: the mean loss in double, row by row from the definition
/// (ExactRows), at the temperature itself and, for an optimum, at 8 temperatures to the octave over the whole range and
/// at 16 more around the least of these. Returns what is wrong in words, empty where nothing is: the value is off by
/// more than 1e-5 max(1, l), or another temperature is better by more than 1e-6 max(1, l). Takes time: about 100
/// exponentials for each pair.
std::string verify(const Points& points, const Queries& queries, const Claim& claim, std::size_t threads);

}  // namespace snnl::engine
