#pragma once

#include <string>
#include <utility>
#include <vector>

namespace report {

/// The page of snnl-report without data; empty where this build has none.
std::string page();

/// Names and texts of the Vega-Lite specifications on it, without data.
std::vector<std::pair<std::string, std::string>> specifications();

}  // namespace report
