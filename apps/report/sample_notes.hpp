#pragma once

#include <string>
#include <vector>

#include "report/report.hpp"

namespace snnl::report {

/// Sentences for the head of the page: of how many samples and classes the numbers are, which is part of them. One
/// where it holds for all runs, else one a run.
std::vector<std::string> sample_notes(const std::vector<Run>& runs);

}  // namespace snnl::report
