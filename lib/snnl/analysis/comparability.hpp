#pragma once

#include <string>
#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::analysis {

/// Something of which the numbers depend, and in which two analyses differ.
struct Difference {
  std::string what;   ///< "samples of class 'cat'", "distance"
  std::string here;   ///< of the first
  std::string there;  ///< of the other
};

/// Why numbers of the two cannot be laid beside each other: label set, ignored labels, classes, how many samples each
/// has (but where both are of neighbourhoods of the same size), distance, temperature, pooling and where the
/// channels of pooled maps lie, neighbourhood, rows.
/// Empty where they can.
std::vector<Difference> differences(const Analysis& a, const Analysis& b);

/// What tells that items of the two are of as many, but other samples: "their sample ids differ in 3 of 24 items".
/// Empty where they are of the same ones, in whatever order, or where dumps without ids do not tell.
std::string other_samples(const Analysis& a, const Analysis& b);

/// Whether numbers of the two do not depend on how many samples there are: neighbourhoods of one size.
bool same_neighborhood(const Analysis& a, const Analysis& b);

}  // namespace snnl::analysis
