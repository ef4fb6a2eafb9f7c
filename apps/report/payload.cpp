#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <sstream>

#include "report/class_pairs.hpp"
#include "report/report.hpp"
#include "report/sample_notes.hpp"
#include "report/similarity_view.hpp"
#include "snnl/analysis/analysis_csv.hpp"
#include "snnl/error.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/text/printable.hpp"
#include "snnl/version.hpp"

namespace snnl::report {
namespace {

using Json = nlohmann::ordered_json;

/// With six significant digits, which pictures do not show.
double shortened(double value) {
  if (!std::isfinite(value)) return value;
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return std::strtod(text, nullptr);
}

Json numbers(const std::vector<double>& values) {
  Json out = Json::array();
  for (const double value : values) out.push_back(json::number_or_null(shortened(value)));
  return out;
}

std::vector<std::string> layers_of(const std::vector<Run>& runs) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (item.result && seen.insert(item.layer).second) out.push_back(item.layer);
    }
  }
  return out;
}

std::size_t count_results(const std::vector<Run>& runs) {
  std::size_t count = 0;
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) count += item.result.has_value() ? 1 : 0;
  }
  return count;
}

/// Epochs whose similarities are kept: all, or as many as there is room for, evenly spread, first and last among them.
std::set<std::int64_t> kept_epochs(const std::vector<Run>& runs, std::size_t numbers_of_item) {
  std::set<std::int64_t> all;
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (item.result) all.insert(item.epoch);
    }
  }
  const std::size_t total = count_results(runs) * numbers_of_item;
  if (total <= most_numbers) return all;
  const std::vector<std::int64_t> epochs(all.begin(), all.end());
  const std::size_t room = std::max<std::size_t>(1, epochs.size() * most_numbers / total);
  std::set<std::int64_t> kept{epochs.back()};
  for (std::size_t k = 0; k + 1 < room; ++k) kept.insert(epochs[k * (epochs.size() - 1) / (room - 1)]);
  return kept;
}

/// The classes of which each one's entanglement is shown: those of the highest ones, where there are too many.
std::vector<std::size_t> shown_classes(const std::vector<Run>& runs) {
  const std::size_t classes = runs[0].analysis.classes.size();
  std::vector<double> sum(classes, 0.);
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (!item.result) continue;
      for (std::size_t c = 0; c < classes; ++c) {
        const double value = item.result->class_entanglement[c];
        if (std::isfinite(value)) sum[c] += value;
      }
    }
  }
  std::vector<std::size_t> order(classes);
  for (std::size_t c = 0; c < classes; ++c) order[c] = c;
  if (classes <= most_classes) return order;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sum[a] > sum[b]; });
  order.resize(most_classes);
  std::sort(order.begin(), order.end());
  return order;
}

Json pairs_json(const std::vector<ClassPair>& pairs) {
  Json out = Json::array();
  for (const ClassPair& pair : pairs) {
    out.push_back({{"a", pair.a}, {"b", pair.b}, {"similarity", numbers(pair.similarity)}});
  }
  return out;
}

Json outliers_json(const OutlierSummary& outliers) {
  Json out;
  for (const ScoreHistograms& one : outliers.histograms) {
    Json counts = Json::object();
    for (const auto& [score, values] : one.counts) counts[score] = values;
    out["histograms"].push_back({{"set", one.set}, {"samples", one.samples}, {"counts", std::move(counts)}});
  }
  out["separations"] = Json::array();
  for (const ScoreSeparation& one : outliers.separations) {
    out["separations"].push_back({{"set", one.set},
                                  {"score", one.score},
                                  {"auroc", one.auroc},
                                  {"aupr_in", one.aupr_in},
                                  {"aupr_out", one.aupr_out},
                                  {"fpr_at_95_tpr", one.fpr_at_95_tpr}});
  }
  return out;
}

/// What of the runs is shown.
struct Shown {
  const std::vector<ClassCount>& classes;
  std::vector<std::string> layers;
  std::map<std::string, std::size_t> layer_index;
  bool in_blocks;  // the class similarity, of neighbouring classes
  std::vector<ClassOrder> orders;
  std::set<std::int64_t> epochs;      // whose class similarity is kept
  std::vector<std::size_t> of_class;  // classes whose entanglement is

  explicit Shown(const std::vector<Run>& runs)
      : classes(runs[0].analysis.classes),
        layers(layers_of(runs)),
        in_blocks(classes.size() > most_classes),
        orders(class_orders(runs, most_classes)),
        epochs(kept_epochs(runs, groups() * groups() * (in_blocks ? orders.size() : 1))),
        of_class(shown_classes(runs)) {
    for (std::size_t l = 0; l < layers.size(); ++l) layer_index[layers[l]] = l;
  }
  std::size_t groups() const { return orders[0].groups.size(); }
};

/// What the reader must know of what is left out.
Json notices_json(const std::vector<Run>& runs, const Shown& shown) {
  Json notices = Json::array();
  for (const std::string& one : incomparable(runs)) notices.push_back(one);
  if (shown.in_blocks) {
    notices.push_back(
        fmt::format("{} classes: class similarity is shown by {} blocks of neighbouring classes; a cell is the mean "
                    "over the samples of its row's classes of the neighbours in its column's. Entanglement of each "
                    "class is that of the {} most entangled classes.",
                    shown.classes.size(), shown.groups(), shown.of_class.size()));
  }
  std::set<std::int64_t> left_out;
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (item.result && shown.epochs.count(item.epoch) == 0) left_out.insert(item.epoch);
    }
  }
  if (!left_out.empty()) {
    notices.push_back(
        fmt::format("Class similarity is kept for {} of {} epochs, evenly spread, to keep this file small; at the "
                    "others that of the epoch before is shown.",
                    shown.epochs.size(), shown.epochs.size() + left_out.size()));
  }
  return notices;
}

Json item_json(const AnalysedItem& item, const Shown& shown) {
  const Entanglement& e = *item.result;
  Json one{{"epoch", item.epoch},
           {"layer", shown.layer_index.at(item.layer)},
           {"entanglement", json::number_or_null(e.value)},
           {"standard_error", json::number_or_null(e.standard_error)},
           {"normalized", json::number_or_null(e.normalized)},
           {"chance", json::number_or_null(e.chance)},
           {"temperature", json::number_or_null(e.temperature)},
           {"status", name_of(e.temperature_status)},
           {"neighbors", json::number_or_null(e.effective_neighbors)},
           {"samples", e.samples}};
  std::vector<double> of_shown;
  for (const std::size_t c : shown.of_class) of_shown.push_back(e.class_entanglement[c]);
  one["class_entanglement"] = numbers(of_shown);
  one["similarity"] = nullptr;
  if (shown.epochs.count(item.epoch) > 0) {
    one["similarity"] = Json::object();
    for (const ClassOrder& order : shown.orders) {
      one["similarity"][order.name] = numbers(group_similarity(item, shown.classes, order.groups));
      if (!shown.in_blocks) break;  // the others are this one turned
    }
  }
  if (!e.curve_temperature.empty()) {
    one["curve"] = {{"temperature", numbers(e.curve_temperature)}, {"entanglement", numbers(e.curve_value)}};
  }
  return one;
}

Json run_json(const Run& run, const Shown& shown) {
  Json r;
  r["name"] = run.name;
  r["inputs"] = run.analysis.inputs;
  r["distance"] = name_of(run.analysis.options.entanglement.distance);
  std::ostringstream csv;
  analysis::write_items_csv(csv, run.analysis);
  r["csv"] = csv.str();
  r["items"] = Json::array();
  r["errors"] = Json::array();
  for (const AnalysedItem& item : run.analysis.items) {
    if (item.result) {
      r["items"].push_back(item_json(item, shown));
    } else {
      r["errors"].push_back({{"epoch", item.epoch}, {"layer", item.layer}, {"message", item.message}});
    }
  }
  r["pairs"] = Json::array();
  for (const LayerPairs& pairs : class_pairs(run.analysis, pairs_of_each_kind)) {
    r["pairs"].push_back({{"layer", shown.layer_index.at(pairs.layer)},
                          {"epochs", pairs.epochs},
                          {"least_separated", pairs_json(pairs.least_separated)},
                          {"most_separated", pairs_json(pairs.most_separated)}});
  }
  return r;
}

}  // namespace

std::string payload(const std::vector<Run>& runs, const std::string& title, const OutlierSummary* outliers) {
  const Shown shown(runs);
  Json out;
  out["title"] = title;
  out["version"] = version;
  out["classes"] = Json::array();
  for (const ClassCount& c : shown.classes) out["classes"].push_back(c.name);
  out["layers"] = shown.layers;
  out["in_blocks"] = shown.in_blocks;
  out["orders"] = Json::array();
  for (const ClassOrder& order : shown.orders) {
    out["orders"].push_back({{"name", order.name}, {"groups", order.groups}});
  }
  out["shown_classes"] = shown.of_class;
  out["sample_notes"] = sample_notes(runs);
  out["notices"] = notices_json(runs, shown);
  out["runs"] = Json::array();
  for (const Run& run : runs) out["runs"].push_back(run_json(run, shown));
  out["outliers"] = outliers ? outliers_json(*outliers) : Json(nullptr);
  const std::string text = out.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

void write_page(std::ostream& out, const std::string& page, const std::vector<Run>& runs, const std::string& title,
                const OutlierSummary* outliers) {
  constexpr const char *title_mark = "@SNNL_TITLE@", *data_mark = "@SNNL_DATA@";
  const std::size_t title_at = page.find(title_mark), data_at = page.find(data_mark);
  if (title_at == std::string::npos || data_at == std::string::npos || data_at < title_at) {
    throw Error("the page of the report", "has no place for title and data", "build snnl-report again");
  }
  std::string escaped;
  for (const char c : text::printable(title)) escaped += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  const std::size_t after_title = title_at + std::string(title_mark).size();
  out << page.substr(0, title_at) << escaped << page.substr(after_title, data_at - after_title)
      << payload(runs, title, outliers) << page.substr(data_at + std::string(data_mark).size());
}

}  // namespace snnl::report
