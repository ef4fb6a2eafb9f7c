#pragma once

#include <string>
#include <vector>

#include "check/rules.hpp"
#include "snnl/analysis.hpp"

namespace snnl::check {

/// The layers of `all` that the rules compare. Throws snnl::Error where a glob matches none; `files` says whose they
/// are.
std::vector<std::string> selected_layers(const Rules& rules, const std::vector<std::string>& all,
                                         const std::string& files);

/// The tolerance that holds for a metric of a layer: the last that matches; null where there is none.
const Tolerance* tolerance_of(const Rules& rules, const std::string& layer, const std::string& metric);

/// Throws snnl::Error where a tolerance has no layer, a direction no metric that is compared, or a tolerance allows
/// what no change could exceed, so that it passes everything: the % was forgotten.
void require_use(const Rules& rules, const std::vector<std::string>& layers, const std::string& files,
                 const Analysis& baseline);

}  // namespace snnl::check
