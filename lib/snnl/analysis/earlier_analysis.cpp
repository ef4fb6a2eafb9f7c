#include "snnl/analysis/earlier_analysis.hpp"

#include <utility>

#include "snnl/analysis.hpp"
#include "snnl/analysis/item_checksum.hpp"
#include "snnl/analysis/option_fields.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/version.hpp"

namespace snnl::analysis {
namespace {

bool same_names(const std::vector<ClassCount>& a, const std::vector<ClassCount>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c].name != b[c].name) return false;
  }
  return true;
}

/// Numbers of one minor version are the same to the last bit.
std::string minor_version(const std::string& text) { return text.substr(0, text.rfind('.')); }

}  // namespace

EarlierAnalysis::EarlierAnalysis(const std::string& file) {
  if (!files::file_exists(file)) return;
  analysis_ = read_analysis(file);
  std::size_t good = 0, all = 0;
  for (const AnalysedItem& item : analysis_->items) {
    if (!item.result) continue;
    ++all;
    if (item.checksum != item_checksum(*analysis_, item)) continue;
    ++good;
    if (!item.digest.empty()) items_[{item.epoch, item.layer}] = &item;
  }
  if (good == all) return;
  damage_ = std::to_string(all - good)
                .append(" of ")
                .append(std::to_string(all))
                .append(" items are damaged, were edited, or have no checksum");
}

std::string EarlierAnalysis::keep_for(const AnalysisOptions& options, const std::vector<ClassCount>& classes) {
  if (!analysis_) return "";
  std::string why;
  if (minor_version(analysis_->version) != minor_version(version)) {
    why = "it is of version " + analysis_->version;
  } else if (!same_names(classes, analysis_->classes)) {
    why = "it has other classes";
  } else if (const std::string option = option_difference(options, analysis_->options); !option.empty()) {
    why = "it was made with another " + option;
  }
  if (!why.empty()) items_.clear();
  return why;
}

std::string EarlierAnalysis::take_damage() { return std::exchange(damage_, {}); }

const AnalysedItem* EarlierAnalysis::find(const dump::Item& item) const {
  const auto found = items_.find({item.epoch, item.layer});
  return found == items_.end() ? nullptr : found->second;
}

const AnalysedItem* EarlierAnalysis::find(const dump::Item& item, const std::string& digest) const {
  const AnalysedItem* const found = find(item);
  return found && found->digest == digest ? found : nullptr;
}

}  // namespace snnl::analysis
