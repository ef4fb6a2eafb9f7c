#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "check/comparison.hpp"
#include "check/item_comparer.hpp"
#include "check/metrics.hpp"
#include "check/rule_use.hpp"
#include "check/wording.hpp"
#include "snnl/analysis/comparability.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/dump/selection.hpp"
#include "snnl/error.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/number.hpp"

namespace snnl::check {
namespace {

using ItemMap = std::map<Key, const AnalysedItem*>;

std::string either(const CheckResult& result) {
  return fmt::format("{} or {}", result.current_file, result.baseline_name);
}

ItemMap by_key(const Analysis& analysis) {
  ItemMap out;
  for (const AnalysedItem& item : analysis.items) out[{item.epoch, item.layer}] = &item;
  return out;
}

std::vector<std::string> layers_of(const Analysis& baseline, const Analysis& current) {
  std::vector<std::string> layers;
  std::set<std::string> seen;
  for (const Analysis* analysis : {&baseline, &current}) {
    for (const AnalysedItem& item : analysis->items) {
      if (seen.insert(item.layer).second) layers.push_back(item.layer);
    }
  }
  return layers;
}

std::vector<std::int64_t> epochs_of(const Analysis& baseline, const Analysis& current) {
  std::set<std::int64_t> epochs;
  for (const Analysis* analysis : {&baseline, &current}) {
    for (const AnalysedItem& item : analysis->items) epochs.insert(item.epoch);
  }
  return {epochs.begin(), epochs.end()};
}

std::vector<std::string> file_differences(const Analysis& current, const Analysis& baseline) {
  std::vector<std::string> out;
  for (const analysis::Difference& one : analysis::differences(current, baseline)) {
    out.push_back(fmt::format("{}: {}, {} in the baseline", one.what, one.here, one.there));
  }
  return out;
}

/// Why two items cannot be compared, or empty. Either may be missing. `count_matters`: whether their numbers depend on
/// how many samples there are.
std::string item_difference(const AnalysedItem* current, const AnalysedItem* baseline, bool count_matters) {
  if (current == nullptr) return "is missing, but in the baseline";
  if (baseline == nullptr) return "is not in the baseline";
  if (!current->result) return "is in error: " + current->message;
  if (!baseline->result) return "is in error in the baseline: " + baseline->message;
  const auto differ = [](const char* what, std::size_t a, std::size_t b) {
    return std::to_string(a)
        .append(" samples ")
        .append(what)
        .append(", ")
        .append(std::to_string(b))
        .append(" in the baseline");
  };
  const Entanglement& a = *current->result;
  const Entanglement& b = *baseline->result;
  if (count_matters && a.samples != b.samples) return differ("analysed", a.samples, b.samples);
  if (current->dropped != baseline->dropped) return differ("dropped", current->dropped, baseline->dropped);
  if (current->ignored != baseline->ignored) return differ("left out", current->ignored, baseline->ignored);
  if (count_matters && a.scored != b.scored) return differ("scored", a.scored, b.scored);
  // Another temperature may be the optimal one: the number may be any.
  if (a.temperature_status == TemperatureStatus::uncertain) return "has an uncertain optimal temperature";
  if (b.temperature_status == TemperatureStatus::uncertain)
    return "has an uncertain optimal temperature in the baseline";
  return "";
}

Comparison whole_item(const Key& key, Verdict verdict, const std::string& message) {
  Comparison out;
  out.epoch = key.first;
  out.layer = key.second;
  out.verdict = verdict;
  out.message = message;
  return out;
}

/// Of each layer's entanglement over these epochs.
std::map<std::string, Spread> spreads_of(const Baseline& baseline, const std::vector<std::string>& layers,
                                         const std::vector<std::int64_t>& epochs) {
  std::map<std::string, Spread> out;
  for (const std::string& layer : layers) {
    std::vector<std::vector<double>> values;
    for (const std::int64_t epoch : epochs) {
      const auto found = baseline.runs.find({epoch, layer});
      if (found != baseline.runs.end()) values.push_back(found->second);
    }
    if (!values.empty()) out[layer] = spread_of(values);
  }
  return out;
}

}  // namespace

const char* name_of(LimitOf limit) {
  switch (limit) {
    case LimitOf::tolerance:
      return "tolerance";
    case LimitOf::share:
      return "share";
    case LimitOf::samples:
      return "samples";
    case LimitOf::seeds:
      return "seeds";
    case LimitOf::arithmetic:
      return "arithmetic";
  }
  return "";
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::error:
      return "error";
    case Verdict::fail:
      return "fail";
    case Verdict::better:
      return "better";
    case Verdict::pass:
      return "pass";
    case Verdict::skipped:
      return "skipped";
  }
  return "";
}

bool Comparison::within_noise() const { return std::abs(change()) <= noise_standard_errors * standard_error; }

bool Comparison::beyond_seeds() const { return seed_limit && std::abs(change()) > *seed_limit; }

std::size_t CheckResult::count(Verdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(comparisons.begin(), comparisons.end(), [=](const Comparison& c) { return c.verdict == verdict; }));
}

bool CheckResult::comparable() const {
  return std::any_of(comparisons.begin(), comparisons.end(),
                     [](const Comparison& c) { return c.verdict != Verdict::error && c.verdict != Verdict::skipped; });
}

bool CheckResult::passed() const { return comparable() && count(Verdict::fail) == 0 && count(Verdict::error) == 0; }

CheckResult compare(const Analysis& current, const std::string& current_file, const Baseline& against,
                    const Rules& rules) {
  const Analysis& baseline = against.numbers;
  CheckResult result;
  result.current_file = current_file;
  result.baseline_files = against.files;
  result.baseline_name = against.name();
  result.baseline_remarks = against.remarks;
  result.differences = file_differences(current, baseline);
  const bool count_matters = !analysis::same_neighborhood(current, baseline);

  const std::vector<std::string> all_layers = layers_of(baseline, current);
  const std::vector<std::int64_t> all_epochs = epochs_of(baseline, current);
  const std::vector<std::string> layers = selected_layers(rules, all_layers, either(result));
  std::vector<std::int64_t> epochs = dump::EpochSelection(rules.epochs).select(all_epochs);
  require_use(rules, all_layers, either(result), baseline);
  if (against.is_of_several() && rules.epochs.empty() && epochs.size() > 1 && epochs.front() == 0) {
    epochs.erase(epochs.begin());
    result.start_left_out = true;
  }
  const std::set<std::string> layer_set(layers.begin(), layers.end());
  const std::set<std::int64_t> epoch_set(epochs.begin(), epochs.end());
  if (against.is_of_several()) result.spreads = spreads_of(against, layers, epochs);

  const ItemMap now = by_key(current), then = by_key(baseline);
  const auto find = [](const ItemMap& items, const Key& key) {
    const auto found = items.find(key);
    return found == items.end() ? nullptr : found->second;
  };
  const ItemComparer comparer(rules, current.classes, result.spreads);
  for (const std::int64_t epoch : all_epochs) {
    for (const std::string& layer : all_layers) {
      const Key key{epoch, layer};
      const AnalysedItem* a = find(now, key);
      const AnalysedItem* b = find(then, key);
      if (a == nullptr && b == nullptr) continue;
      if (!result.differences.empty()) {
        result.comparisons.push_back(whole_item(key, Verdict::skipped, "the files cannot be compared"));
      } else if (epoch == 0 && result.start_left_out) {
        result.comparisons.push_back(whole_item(key, Verdict::skipped, "before training"));
      } else if (layer_set.count(layer) == 0 || epoch_set.count(epoch) == 0) {
        result.comparisons.push_back(whole_item(key, Verdict::skipped, "left out by layers or epochs"));
      } else if (const std::string difference = item_difference(a, b, count_matters); !difference.empty()) {
        result.comparisons.push_back(whole_item(key, Verdict::error, difference));
      } else {
        for (const std::string& metric : metric_names()) {
          if (auto compared = comparer.compare(*a, *b, metric)) result.comparisons.push_back(std::move(*compared));
        }
      }
    }
  }
  std::stable_sort(result.comparisons.begin(), result.comparisons.end(), is_worse);
  return result;
}

}  // namespace snnl::check
