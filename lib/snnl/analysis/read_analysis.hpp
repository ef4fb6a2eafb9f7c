#pragma once

#include <string>

#include "snnl/analysis/analysis.hpp"

namespace snnl {

/// Reads an analysis that to_json wrote ("snnl.analysis/1"); to_json gives the same bytes again, but for the version.
/// Fields that a later version added are passed over. Checksums are read, and not looked at.
/// Throws snnl::Error "FILE:/items/3/entanglement: is text, expected a number" where the file cannot be read, is not
/// JSON, has another schema, or where a field is missing, of the wrong type or size, or not possible: a negative count,
/// one (epoch, layer) twice, numbers in an item in error.
Analysis read_analysis(const std::string& file);

}  // namespace snnl
