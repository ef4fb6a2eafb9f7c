#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/json/cursor.hpp"

namespace snnl::analysis {

/// An option of an analysis, as files hold it. This is the one place that names it beside the command line: what JSON
/// writes and reads follows, and what --resume compares.
struct OptionField {
  const char* name;
  bool changes_numbers;
  nlohmann::ordered_json (*write)(const AnalysisOptions&);
  /// Throws snnl::Error where the file holds something else.
  void (*read)(const json::Cursor&, AnalysisOptions&);
  /// Whether files of schema 1 were written before there was this option: they do not have it, and it is the default.
  bool added = false;
};

/// In the order of docs/output.md.
const std::vector<OptionField>& option_fields();

/// The first option that differs and changes numbers, as "--option, which was A", or empty.
std::string option_difference(const AnalysisOptions& now, const AnalysisOptions& before);

}  // namespace snnl::analysis
