#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/neighbors/nearest_neighbors.hpp"

namespace snnl {

/// How many of each query's neighbours have each class, in one layer or summed over several.
struct Votes {
  std::size_t queries = 0, classes = 0;
  std::vector<std::uint32_t> counts;  ///< [queries, classes]

  std::uint32_t at(std::size_t query, std::size_t c) const { return counts[query * classes + c]; }
};

/// `labels` of the training samples, each in [0, classes). Missing neighbours vote for no class. Throws snnl::Error
/// where one is outside.
Votes count_votes(const Neighbors& neighbors, const std::vector<std::int32_t>& labels, std::size_t classes);

/// Adds the votes of another layer of the same queries. Throws snnl::Error where the shapes differ.
void add_votes(Votes& sum, const Votes& layer);

/// The class of most votes for each query, the first of equal ones.
std::vector<std::int32_t> most_voted(const Votes& votes);

}  // namespace snnl
