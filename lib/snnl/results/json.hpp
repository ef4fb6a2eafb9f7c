#pragma once

#include <string>

#include "snnl/results/analysis.hpp"

namespace snnl {

/// The analysis as "snnl.analysis/1" (docs/output.md, docs/schema): strict JSON, null where there is no number, two
/// spaces of indentation, a line feed at the end. Depends on the analysis alone, to the last byte.
std::string to_json(const Analysis& analysis);

}  // namespace snnl
