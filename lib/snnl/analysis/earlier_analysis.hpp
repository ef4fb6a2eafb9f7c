#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl::analysis {

/// What an earlier run wrote, to go on from.
class EarlierAnalysis {
 public:
  /// None.
  EarlierAnalysis() = default;
  /// Reads `file`, or nothing where it does not exist. Items whose checksum is not theirs, or missing, are left out.
  /// Throws snnl::Error where it is no analysis.
  explicit EarlierAnalysis(const std::string& file);

  /// Why its items are none of an analysis with these options and classes: the first difference that changes numbers,
  /// or a version that does not go with this one. Forgets them then. Empty where they can be used, or there are none.
  std::string keep_for(const AnalysisOptions& options, const std::vector<ClassCount>& classes);

  /// How many items were left out and why, the first time that it is asked; then, and where none were, empty.
  std::string take_damage();

  /// The item of that epoch and layer; null where there is none, or it is in error.
  const AnalysedItem* find(const dump::Item& item) const;
  /// The same, but null where it was made of other data.
  const AnalysedItem* find(const dump::Item& item, const std::string& digest) const;

 private:
  std::optional<Analysis> analysis_;
  std::string damage_;
  std::map<std::pair<std::int64_t, std::string>, const AnalysedItem*> items_;
};

}  // namespace snnl::analysis
