#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace snnl::report {

/// An order of the classes, in groups of neighbours where there are too many to show each.
struct ClassOrder {
  std::string name;  ///< "data", "name", "similarity"
  std::vector<std::vector<std::size_t>> groups;
};

/// The orders that the page offers; groups of one class each for up to `most` classes, else at most `most` groups. The
/// order by similarity is that of the mean over all items of all runs, so that pictures can be laid side by side.
std::vector<ClassOrder> class_orders(const std::vector<Run>& runs, std::size_t most);

/// The similarity [G, G] of groups, row-major: the mean over the classes of group A, weighted by their samples, of the
/// sum over the classes of B. That of groups of one is the class similarity. NaN where no class of A occurs.
std::vector<double> group_similarity(const AnalysedItem& item, const std::vector<ClassCount>& classes,
                                     const std::vector<std::vector<std::size_t>>& groups);

}  // namespace snnl::report
