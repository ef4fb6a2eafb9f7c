#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::check {

/// The numbers of an item that can be compared, named as in the JSON file (docs/output.md).
const std::vector<std::string>& metric_names();

/// All values of a metric: one; one a class [C]; or one a pair of classes [C * C], row-major. NaN where there is none.
std::vector<double> values_of(const AnalysedItem& item, const std::string& metric);

/// Standard error of a metric's one value; NaN where none is known.
double standard_error_of(const AnalysedItem& item, const std::string& metric);

/// Position of one of a metric's values in the classes: none, one, or two.
std::vector<std::size_t> classes_of(const std::string& metric, std::size_t element, std::size_t class_count);

}  // namespace snnl::check
