#include "analyze/epoch_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace analyze {
namespace {

constexpr std::size_t most_lines = 8;

}  // namespace

std::vector<std::string> EpochNotes::take(const snnl::Analysis& analysis) {
  std::map<std::int64_t, std::string> lines;
  std::map<std::int64_t, bool> is_new;
  for (const snnl::AnalysedItem& item : analysis.items) {
    std::string& line = lines[item.epoch];
    const std::string value = item.result ? snnl::text::format_short(item.result->value, 3) : "error";
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", snnl::text::printable(item.layer), value);
    if (!item.result) continue;
    const auto [told, added] = told_.try_emplace({item.epoch, item.layer}, item.result->value);
    is_new[item.epoch] = is_new[item.epoch] || added || told->second != item.result->value;
    told->second = item.result->value;
  }
  std::vector<std::string> out;
  for (const auto& [epoch, line] : lines) {
    if (is_new[epoch]) out.push_back(fmt::format("epoch {}: {}", epoch, line));
  }
  if (out.size() > most_lines) {
    const std::size_t more = out.size() - most_lines + 1;
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(more));
    out.insert(out.begin(), fmt::format("{} earlier epochs", more));
  }
  return out;
}

bool has_reached(const snnl::Analysis& analysis, std::int64_t epoch) {
  std::map<std::int64_t, std::size_t> layers;
  for (const snnl::AnalysedItem& item : analysis.items) ++layers[item.epoch];
  std::size_t most = 0, there = 0;
  for (const auto& [number, count] : layers) {
    most = std::max(most, count);
    if (number >= epoch) there = std::max(there, count);
  }
  return there > 0 && there == most;
}

}  // namespace analyze
