#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/class_pairs.hpp"
#include "report/report.hpp"
#include "report/sample_notes.hpp"
#include "report/similarity_view.hpp"
#include "snnl/error.hpp"
#include "snnl/json/or_null.hpp"

namespace snnl::report {
namespace {

using Json = nlohmann::ordered_json;

/// More are slow to draw and to open elsewhere.
constexpr std::size_t most_rows = 200'000;

Json row_of(const Run& run, const AnalysedItem& item) {
  return {{"run", run.name}, {"layer", item.layer}, {"epoch", item.epoch}};
}

template <class Add>
Json rows_of_items(const std::vector<Run>& runs, const Add& add) {
  Json rows = Json::array();
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (item.result) add(rows, run, item, *item.result);
    }
  }
  return rows;
}

Json entanglement_rows(const std::vector<Run>& runs) {
  return rows_of_items(runs, [](Json& rows, const Run& run, const AnalysedItem& item, const Entanglement& e) {
    Json row = row_of(run, item);
    row["entanglement"] = json::number_or_null(e.value);
    row["normalized"] = json::number_or_null(e.normalized);
    row["chance"] = json::number_or_null(e.chance);
    row["temperature"] = json::number_or_null(e.temperature);
    row["status"] = name_of(e.temperature_status);
    rows.push_back(std::move(row));
  });
}

std::string label_of(const std::vector<std::size_t>& group, const std::vector<ClassCount>& classes) {
  std::string label = classes[group.front()].name;
  if (group.size() > 1) label.append(" ... ").append(classes[group.back()].name);
  return label;
}

/// Those of the last epochs that there is room for; `notice` tells what is missing.
Json similarity_rows(const std::vector<Run>& runs, std::string& notice) {
  const ClassOrder order = class_orders(runs, most_classes).back();
  const std::vector<ClassCount>& classes = runs[0].analysis.classes;
  const std::size_t of_item = order.groups.size() * order.groups.size();
  std::set<std::int64_t, std::greater<>> epochs;
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) epochs.insert(item.epoch);
  }
  std::set<std::int64_t> kept;
  std::size_t count = 0;
  for (const std::int64_t epoch : epochs) {
    for (const Run& run : runs) {
      for (const AnalysedItem& item : run.analysis.items) count += item.result && item.epoch == epoch ? of_item : 0;
    }
    if (!kept.empty() && count > most_rows) break;
    kept.insert(epoch);
  }
  if (kept.size() < epochs.size()) {
    notice = fmt::format("holds the last {} of {} epochs", kept.size(), epochs.size());
  }
  if (order.groups.size() < classes.size()) {
    notice.append(notice.empty() ? "holds " : ", ")
        .append(std::to_string(order.groups.size()))
        .append(" blocks of ")
        .append(std::to_string(classes.size()))
        .append(" classes");
  }
  return rows_of_items(runs, [&](Json& rows, const Run& run, const AnalysedItem& item, const Entanglement&) {
    if (kept.count(item.epoch) == 0) return;
    const std::vector<double> similarity = group_similarity(item, classes, order.groups);
    for (std::size_t a = 0; a < order.groups.size(); ++a) {
      for (std::size_t b = 0; b < order.groups.size(); ++b) {
        Json row = row_of(run, item);
        row["class_a"] = label_of(order.groups[a], classes);
        row["class_b"] = label_of(order.groups[b], classes);
        row["similarity"] = json::number_or_null(similarity[a * order.groups.size() + b]);
        rows.push_back(std::move(row));
      }
    }
  });
}

Json class_rows(const std::vector<Run>& runs) {
  return rows_of_items(runs, [](Json& rows, const Run& run, const AnalysedItem& item, const Entanglement& e) {
    for (std::size_t c = 0; c < e.class_entanglement.size(); ++c) {
      Json row = row_of(run, item);
      row["class"] = run.analysis.classes[c].name;
      row["entanglement"] = json::number_or_null(e.class_entanglement[c]);
      rows.push_back(std::move(row));
    }
  });
}

Json curve_rows(const std::vector<Run>& runs) {
  return rows_of_items(runs, [](Json& rows, const Run& run, const AnalysedItem& item, const Entanglement& e) {
    for (std::size_t k = 0; k < e.curve_temperature.size(); ++k) {
      Json row = row_of(run, item);
      row["temperature"] = json::number_or_null(e.curve_temperature[k]);
      row["entanglement"] = json::number_or_null(e.curve_value[k]);
      row["optimum"] = json::number_or_null(e.temperature);
      rows.push_back(std::move(row));
    }
  });
}

Json pair_rows(const std::vector<Run>& runs) {
  Json rows = Json::array();
  for (const Run& run : runs) {
    const std::vector<ClassCount>& classes = run.analysis.classes;
    for (const LayerPairs& pairs : class_pairs(run.analysis, pairs_of_each_kind)) {
      const auto add = [&](const std::vector<ClassPair>& some, const char* kind) {
        for (const ClassPair& pair : some) {
          for (std::size_t k = 0; k < pairs.epochs.size(); ++k) {
            rows.push_back({{"run", run.name},
                            {"layer", pairs.layer},
                            {"epoch", pairs.epochs[k]},
                            {"pair", fmt::format("{} - {}", classes[pair.a].name, classes[pair.b].name)},
                            {"kind", kind},
                            {"similarity", json::number_or_null(pair.similarity[k])}});
          }
        }
      };
      add(pairs.least_separated, "least separated");
      add(pairs.most_separated, "most separated");
    }
  }
  return rows;
}

Json score_rows(const OutlierSummary& outliers) {
  Json rows = Json::array();
  for (const ScoreHistograms& one : outliers.histograms) {
    for (const auto& [score, counts] : one.counts) {
      for (std::size_t k = 0; k <= counts.size(); ++k) {  // the last bin's end is drawn, too
        rows.push_back({{"set", one.set},
                        {"score", score},
                        {"from", static_cast<double>(k) / static_cast<double>(counts.size())},
                        {"share", static_cast<double>(counts[std::min(k, counts.size() - 1)]) /
                                      static_cast<double>(std::max<std::size_t>(1, one.samples))}});
      }
    }
  }
  return rows;
}

/// What the numbers depend on, beside the picture.
Json caption_of(const std::vector<Run>& runs) {
  return {{"text", sample_notes(runs)}, {"anchor", "start"}, {"fontSize", 10}, {"fontWeight", "normal"}};
}

/// Lets who looks at the picture choose one value of `field`, the last one at first.
void add_choice(Json& spec, const std::string& field) {
  Json options = Json::array();
  for (const Json& row : spec["data"]["values"]) {
    if (std::find(options.begin(), options.end(), row[field]) == options.end()) options.push_back(row[field]);
  }
  if (options.empty()) return;
  const std::string name = "choose_" + field;
  spec["params"].push_back({{"name", name},
                            {"value", options.back()},
                            {"bind", {{"input", "select"}, {"options", options}, {"name", field + " "}}}});
  spec["transform"].push_back({{"filter", fmt::format("datum.{} === {}", field, name)}});
}

}  // namespace

std::vector<Specification> specifications(const std::vector<std::pair<std::string, std::string>>& templates,
                                          const std::vector<Run>& runs, const OutlierSummary* outliers) {
  std::vector<Specification> out;
  for (const auto& [name, text] : templates) {
    std::string notice;
    std::vector<std::string> choices{"run", "layer"};
    Json rows;
    if (name == "entanglement") {
      rows = entanglement_rows(runs);
      choices.clear();
    } else if (name == "class_similarity") {
      rows = similarity_rows(runs, notice);
      choices.emplace_back("epoch");
    } else if (name == "class_entanglement") {
      rows = class_rows(runs);
    } else if (name == "temperature_curve") {
      rows = curve_rows(runs);
      choices.emplace_back("epoch");
    } else if (name == "class_pairs") {
      rows = pair_rows(runs);
    } else if (name == "outlier_scores" && outliers) {
      rows = score_rows(*outliers);
      choices = {"score"};
    } else {
      continue;  // only with two runs side by side
    }
    if (rows.empty()) continue;
    Json spec = Json::parse(text);
    spec["data"] = {{"values", std::move(rows)}};
    if (name != "outlier_scores") spec["title"] = caption_of(runs);
    for (const std::string& field : choices) add_choice(spec, field);
    out.push_back({name, spec.dump(1, ' ', false, Json::error_handler_t::replace) + "\n", notice});
  }
  return out;
}

}  // namespace snnl::report
