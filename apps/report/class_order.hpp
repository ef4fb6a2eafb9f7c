#pragma once

#include <cstddef>
#include <vector>
#include <xtensor/xtensor.hpp>

namespace snnl::report {

/// The classes so that similar ones are neighbours: the leaves of an average-linkage clustering (nearest-neighbour
/// chain, Murtagh 1983) of the symmetric `similarity` [C, C], of which only the part off the diagonal counts. Each
/// merge is turned so that the two ends that meet are the most similar ones. NaN counts as 0. O(C^2) memory and time.
std::vector<std::size_t> cluster_classes(const xt::xtensor<double, 2>& similarity);

}  // namespace snnl::report
