#include "snnl/analysis/analysis_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <sstream>

#include "snnl/analysis/trend.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/text/columns.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::analysis {
namespace {

using Row = std::vector<std::string>;

std::vector<std::int64_t> spread(const std::vector<std::int64_t>& all, std::size_t count) {
  if (all.size() <= count || count < 2) return all;
  std::vector<std::int64_t> out;
  for (std::size_t k = 0; k < count; ++k) out.push_back(all[k * (all.size() - 1) / (count - 1)]);
  return out;
}

/// "falls 21 %", "rises x12.5", "steady", "varies"; of the items of a layer that have results.
std::string trend_text(const std::vector<const AnalysedItem*>& items) {
  if (items.empty()) return "";
  const double first = items.front()->result->value, last = items.back()->result->value;
  const Trend trend = items.size() > 1 ? trend_of(items) : Trend::steady;
  if (trend == Trend::steady) return "steady";
  if (trend == Trend::varies) return "varies";
  const std::string verb = trend == Trend::falls ? "falls " : "rises ";
  if (!(first > 0)) return verb + "from 0";
  const double percent = 100 * std::abs(last - first) / first;
  if (trend == Trend::rises && percent > 999) return fmt::format("{}x{}", verb, text::format_short(last / first, 3));
  return fmt::format("{}{} %", verb, text::format_short(percent, percent < 99.95 ? 2 : 3));
}

/// The number of samples that numbers are of, which they depend on: "500", "500 to 2000", as items have them; empty
/// where none has.
std::string samples_of(const Analysis& analysis) {
  std::size_t least = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    least = std::min(least, item.result->samples);
    most = std::max(most, item.result->samples);
  }
  if (most == 0) return "";
  return least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
}

/// What --rows did: it does nothing where there are no more samples than that.
std::string estimated_from(const Analysis& analysis) {
  const std::size_t rows = analysis.options.entanglement.rows;
  const bool all = std::all_of(analysis.items.begin(), analysis.items.end(), [&](const AnalysedItem& item) {
    return !item.result || item.result->queries == item.result->samples;
  });
  return all ? fmt::format("; of all rows, which are no more than {}", rows)
             : fmt::format("; estimated from {} rows", rows);
}

}  // namespace

std::string to_table(const Analysis& analysis, std::size_t columns) {
  std::vector<std::int64_t> epochs;
  std::vector<std::string> layers;
  std::map<std::pair<std::int64_t, std::string>, const AnalysedItem*> at;
  for (const AnalysedItem& item : analysis.items) {
    if (epochs.empty() || epochs.back() != item.epoch) epochs.push_back(item.epoch);
    if (std::find(layers.begin(), layers.end(), item.layer) == layers.end()) layers.push_back(item.layer);
    at[{item.epoch, item.layer}] = &item;
  }
  const std::vector<std::int64_t> shown = spread(epochs, columns);

  std::ostringstream out;
  std::map<std::string, std::size_t> chances;
  for (const AnalysedItem& item : analysis.items) {
    if (item.result) ++chances[text::format_short(item.result->chance)];
  }
  const auto block = [&](const std::string& title, bool with_trend,
                         const std::function<std::string(const Entanglement&)>& cell) {
    out << title << '\n';
    std::vector<Row> rows{{"epoch"}};
    for (const std::int64_t epoch : shown) rows[0].push_back(std::to_string(epoch));
    if (with_trend && epochs.size() > 1) rows[0].push_back("trend");
    for (const std::string& layer : layers) {
      Row row{text::printable(layer)};
      for (const std::int64_t epoch : shown) {
        const auto found = at.find({epoch, layer});
        row.push_back(found == at.end() ? "" : found->second->result ? cell(*found->second->result) : "error");
      }
      if (with_trend && epochs.size() > 1) {
        std::vector<const AnalysedItem*> with_results;
        for (const std::int64_t epoch : epochs) {
          const auto found = at.find({epoch, layer});
          if (found != at.end() && found->second->result) with_results.push_back(found->second);
        }
        row.push_back(trend_text(with_results));
      }
      rows.push_back(std::move(row));
    }
    const bool words_last = with_trend && epochs.size() > 1;
    text::print_columns(out, rows, [&](std::size_t c) { return c == 0 || (words_last && c + 1 == rows[0].size()); });
  };

  std::string note = "nats";
  if (chances.size() == 1) note += "; chance " + chances.begin()->first;
  if (const std::string samples = samples_of(analysis); !samples.empty()) note += "; n = " + samples;
  const EntanglementOptions& options = analysis.options.entanglement;
  if (options.neighborhood > 0) note += fmt::format(" in neighbourhoods of {}", options.neighborhood);
  if (options.rows > 0) note += estimated_from(analysis);
  if (const std::string pooled = dump::pooling_note(analysis.options.pooling); !pooled.empty()) note += "; " + pooled;
  const bool fixed = options.temperature.has_value();
  block(fmt::format("entanglement at {} temperature ({})", fixed ? "the given" : "the optimal", note), true,
        [](const Entanglement& r) { return text::format_short(r.value, r.value >= 1 ? 4 : 3); });
  out << '\n';
  bool bounds = false, uncertain = false;
  block("temperature / mean distance", false, [&](const Entanglement& r) {
    const bool low = r.temperature_status == TemperatureStatus::lower_bound;
    const bool high = r.temperature_status == TemperatureStatus::upper_bound;
    const bool doubtful = r.temperature_status == TemperatureStatus::uncertain;
    bounds |= low || high;
    uncertain |= doubtful;
    std::string cell = low ? "<" : high ? ">" : doubtful ? "?" : "";
    return cell.append(text::format_short(r.temperature / r.mean_distance, 3));
  });
  if (bounds) out << "  < the entanglement still falls as T -> 0, > as T grows: no minimum in between\n";
  if (uncertain) out << "  ? the best that was found; another temperature may be better: see docs/method.md\n";
  if (shown.size() < epochs.size()) {
    out << "  " << shown.size() << " of " << epochs.size() << " epochs shown; --csv and --json hold all\n";
  }
  return out.str();
}

}  // namespace snnl::analysis
