#include "snnl/analysis/analysis_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <sstream>

#include "snnl/analysis/dominance_notes.hpp"
#include "snnl/analysis/trend.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/features/names.hpp"
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

/// The entanglement falls to 0 with T: every sample's nearest neighbour is of its own class.
bool is_separated(const Entanglement& r) {
  constexpr double next_to_nothing = 1e-6;  // and no more is promised
  return r.temperature_status == TemperatureStatus::lower_bound && r.value < next_to_nothing;
}

/// "falls 21 %", "rises x12.5", "separates", "steady", "varies"; of the items of a layer that have results.
std::string trend_text(const std::vector<const AnalysedItem*>& items) {
  if (items.empty()) return "";
  const Entanglement &first = *items.front()->result, &last = *items.back()->result;
  const Trend trend = items.size() > 1 ? trend_of(items) : Trend::steady;
  if (trend == Trend::steady) return "steady";
  if (trend == Trend::varies) return "varies";
  const std::string verb = trend == Trend::falls ? "falls " : "rises ";
  if (is_separated(last)) return "separates";
  if (is_separated(first)) return verb + "from separated";
  if (!(first.value > 0)) return verb + "from 0";
  const double percent = 100 * std::abs(last.value - first.value) / first.value;
  if (trend == Trend::rises && percent > 999) {
    return fmt::format("{}x{}", verb, text::format_short(last.value / first.value, 3));
  }
  return fmt::format("{}{} %", verb, text::format_short(percent, percent < 99.95 ? 2 : 3));
}

/// "500", "500 to 2000": the numbers of samples that items with results have; empty where all are 0.
template <class Count>
std::string range_of(const Analysis& analysis, const Count& count) {
  std::size_t least = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    least = std::min<std::size_t>(least, count(item));
    most = std::max<std::size_t>(most, count(item));
  }
  if (most == 0) return "";
  return least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
}

/// What --rows did: it does nothing where there are no more samples than that.
std::string estimated_from(const Analysis& analysis) {
  const std::size_t rows = analysis.options.entanglement.rows;
  const bool any = std::any_of(analysis.items.begin(), analysis.items.end(),
                               [](const AnalysedItem& item) { return item.result.has_value(); });
  const bool all = any && std::all_of(analysis.items.begin(), analysis.items.end(), [&](const AnalysedItem& item) {
                     return !item.result || item.result->queries == item.result->samples;
                   });
  return all ? fmt::format("; of all rows, which are no more than {}", rows)
             : fmt::format("; estimated from {} rows", rows);
}

/// Layers down, epochs across.
class Table {
 public:
  Table(const Analysis& analysis, std::size_t columns) {
    for (const AnalysedItem& item : analysis.items) {
      if (epochs_.empty() || epochs_.back() != item.epoch) epochs_.push_back(item.epoch);
      if (std::find(layers_.begin(), layers_.end(), item.layer) == layers_.end()) layers_.push_back(item.layer);
      at_[{item.epoch, item.layer}] = &item;
    }
    shown_ = spread(epochs_, columns);
  }

  using Cell = std::function<std::string(const Entanglement&)>;
  void print(std::ostream& out, const std::string& title, bool with_trend, const Cell& cell) const {
    const bool words_last = with_trend && epochs_.size() > 1;
    out << title << '\n';
    std::vector<Row> rows{{"epoch"}};
    for (const std::int64_t epoch : shown_) rows[0].push_back(std::to_string(epoch));
    if (words_last) rows[0].push_back("trend");
    for (const std::string& layer : layers_) {
      Row row{text::printable(layer)};
      for (const std::int64_t epoch : shown_) {
        const AnalysedItem* const item = find(epoch, layer);
        row.push_back(!item ? "" : item->result ? cell(*item->result) : "error");
      }
      if (words_last) row.push_back(trend_text(with_results(layer)));
      rows.push_back(std::move(row));
    }
    text::print_columns(out, rows, [&](std::size_t c) { return c == 0 || (words_last && c + 1 == rows[0].size()); });
  }
  /// Says where epochs were left out.
  void print_shown(std::ostream& out) const {
    if (shown_.size() == epochs_.size()) return;
    out << "  " << shown_.size() << " of " << epochs_.size() << " epochs shown; --csv and --json hold all\n";
  }

 private:
  const AnalysedItem* find(std::int64_t epoch, const std::string& layer) const {
    const auto found = at_.find({epoch, layer});
    return found == at_.end() ? nullptr : found->second;
  }
  std::vector<const AnalysedItem*> with_results(const std::string& layer) const {
    std::vector<const AnalysedItem*> out;
    for (const std::int64_t epoch : epochs_) {
      const AnalysedItem* const item = find(epoch, layer);
      if (item && item->result) out.push_back(item);
    }
    return out;
  }

  std::vector<std::int64_t> epochs_, shown_;
  std::vector<std::string> layers_;
  std::map<std::pair<std::int64_t, std::string>, const AnalysedItem*> at_;
};

/// "entanglement at the optimal temperature (nats; chance 2.303; n = 500)"
std::string title_of(const Analysis& analysis) {
  std::map<std::string, std::size_t> chances;
  for (const AnalysedItem& item : analysis.items) {
    if (item.result) ++chances[text::format_short(item.result->chance)];
  }
  std::string note = "nats";
  if (chances.size() == 1) note += "; chance " + chances.begin()->first;
  const std::string samples = range_of(analysis, [](const AnalysedItem& item) { return item.result->samples; });
  if (!samples.empty()) note += "; n = " + samples;
  const std::string ignored = range_of(analysis, [](const AnalysedItem& item) { return item.ignored; });
  if (!ignored.empty()) note += fmt::format("; {} left out for their label", ignored);
  const EntanglementOptions& options = analysis.options.entanglement;
  if (options.neighborhood > 0) note += fmt::format(" in neighbourhoods of {}", options.neighborhood);
  if (options.rows > 0) note += estimated_from(analysis);
  if (const std::string pooled = dump::pooling_note(analysis.options.pooling); !pooled.empty()) note += "; " + pooled;
  if (const std::string changed = features::note(analysis.options.features); !changed.empty()) note += "; " + changed;
  return fmt::format("entanglement at {} temperature ({})", options.temperature ? "the given" : "the optimal", note);
}

std::vector<DominanceNote> notes_of(const AnalysedItem& item, const FeatureOptions& options) {
  std::vector<DominanceNote> notes;
  if (item.dominance) notes = dominance_notes(*item.dominance, item.result->features);
  if (!item.changed) return notes;
  const std::vector<DominanceNote> more =
      changed_notes(options, *item.changed, item.result->samples, item.result->features);
  notes.insert(notes.end(), more.begin(), more.end());
  return notes;
}

/// What decides the distances of items, each note once for a layer, with the last epoch that has it.
void print_notes(std::ostream& out, const Analysis& analysis) {
  struct Note {
    std::string layer, kind, text;
    std::size_t epochs = 0;
  };
  std::vector<Note> notes;
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    for (const DominanceNote& one : notes_of(item, analysis.options.features)) {
      auto place = std::find_if(notes.begin(), notes.end(),
                                [&](const Note& note) { return note.layer == item.layer && note.kind == one.kind; });
      if (place == notes.end()) place = notes.insert(place, {item.layer, one.kind, "", 0});
      place->text = fmt::format("epoch {}: {}; {}", item.epoch, one.message, one.advice);
      ++place->epochs;
    }
  }
  for (const Note& note : notes) {
    const std::string more = note.epochs > 1 ? fmt::format(" ({} epochs are so)", note.epochs) : "";
    out << fmt::format("  ! {}, {}{}\n", text::printable(note.layer), note.text, more);
  }
}

void print_temperatures(std::ostream& out, const Table& table) {
  bool bounds = false, uncertain = false;
  table.print(out, "temperature / mean distance", false, [&](const Entanglement& r) {
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
}

}  // namespace

std::string to_table(const Analysis& analysis, const TableOptions& options) {
  const Table table(analysis, options.columns);
  std::ostringstream out;
  bool separated = false;
  table.print(out, title_of(analysis), true, [&](const Entanglement& r) {
    separated |= is_separated(r);
    return is_separated(r) ? "separated" : text::format_short(r.value, r.value >= 1 ? 4 : 3);
  });
  if (separated) out << "  separated: every nearest neighbour is of the own class; falls to 0 with T\n";
  if (options.details) {
    table.print(out << '\n', "its standard error by the samples (nats)", false,
                [](const Entanglement& r) { return text::format_short(r.standard_error, 2); });
    table.print(out << '\n', "effective neighbours", false,
                [](const Entanglement& r) { return text::format_short(r.effective_neighbors, 3); });
  }
  print_temperatures(out << '\n', table);
  print_notes(out, analysis);
  table.print_shown(out);
  return out.str();
}

}  // namespace snnl::analysis
