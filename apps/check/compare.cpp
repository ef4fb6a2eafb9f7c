#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "check/comparison.hpp"
#include "check/metrics.hpp"
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

using Key = std::pair<std::int64_t, std::string>;
using ItemMap = std::map<Key, const AnalysedItem*>;

std::string either(const CheckResult& result) {
  return fmt::format("{} or {}", result.current_file, result.baseline_file);
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

[[noreturn]] void fail_no_match(const std::string& rule, const std::string& glob,
                                const std::vector<std::string>& layers, const std::string& files) {
  throw Error(rule, fmt::format("no layer of {} matches {}{}", files, quoted(glob), text::did_you_mean(glob, layers)));
}

std::vector<std::string> selected_layers(const Rules& rules, const std::vector<std::string>& all,
                                         const std::string& files) {
  return text::select_listed(
      rules.layers, all, [&](const std::string& glob) { fail_no_match("layers " + quoted(glob), glob, all, files); });
}

const Tolerance* tolerance_of(const Rules& rules, const std::string& layer, const std::string& metric) {
  const Tolerance* found = nullptr;
  for (const Tolerance& tolerance : rules.tolerances) {
    if (tolerance.metric == metric && text::glob_selects(tolerance.layers, layer)) found = &tolerance;
  }
  return found;
}

void require_use(const Rules& rules, const std::vector<std::string>& layers, const std::string& files) {
  std::set<std::string> compared{"entanglement"};
  for (const Tolerance& tolerance : rules.tolerances) {
    text::select_names({tolerance.layers}, layers, [&](const std::string& glob) {
      fail_no_match("tolerance " + quoted(tolerance.text), glob, layers, files);
    });
    compared.insert(tolerance.metric);
  }
  for (const Direction& direction : rules.directions) {
    if (compared.count(direction.metric) > 0) continue;
    throw Error("direction " + quoted(direction.text), direction.metric + " is not compared",
                fmt::format("give it a tolerance, such as '{}:5%'", direction.metric));
  }
}

std::vector<std::string> file_differences(const Analysis& current, const Analysis& baseline) {
  std::vector<std::string> out;
  for (const analysis::Difference& one : analysis::differences(current, baseline)) {
    out.push_back(fmt::format("{}: {}, {} in the baseline", one.what, one.here, one.there));
  }
  return out;
}

/// The largest change that a metric of these layers could show; nothing where there is no end to it.
std::optional<double> reach_of(const Tolerance& tolerance, const Analysis& baseline) {
  if (tolerance.metric == "class_similarity" || tolerance.metric == "normalized") return 1;
  if (tolerance.metric != "entanglement" && tolerance.metric != "class_entanglement") return std::nullopt;
  std::optional<double> most;
  for (const AnalysedItem& item : baseline.items) {
    if (!item.result || !text::glob_selects(tolerance.layers, item.layer)) continue;
    most = std::max(most.value_or(0), item.result->chance);
  }
  return most;
}

/// A tolerance that nothing exceeds passes everything: the % was forgotten.
void require_effect(const Rules& rules, const Analysis& baseline) {
  for (const Tolerance& tolerance : rules.tolerances) {
    const std::optional<double> reach = reach_of(tolerance, baseline);
    if (tolerance.relative || !reach || !(*reach > 0) || tolerance.value < *reach) continue;
    throw Error("tolerance " + quoted(tolerance.text),
                fmt::format("allows more than any change from perfectly separated classes to chance, {}",
                            text::format_short(*reach)),
                fmt::format("a share of the baseline is '{}%'", tolerance.text));
  }
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

double limit_of(const Tolerance* tolerance, double baseline, double standard_error) {
  if (tolerance != nullptr) return tolerance->relative ? tolerance->value * std::abs(baseline) : tolerance->value;
  return std::max({default_share * std::abs(baseline), noise_standard_errors * standard_error, rounding});
}

/// The share of the limit that was used; above 1 beyond it.
double share_used(const Comparison& c) {
  const double change = std::abs(c.change());
  if (!(change > 0)) return 0;
  // 1.05 is within 5 % of 1, though their difference in binary is a little more than 0.05.
  const double slack = 4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(c.current), std::abs(c.baseline));
  if (c.limit > 0 && change <= c.limit + slack) return std::min(change / c.limit, 1.0);
  return c.limit > 0 ? change / c.limit : std::numeric_limits<double>::infinity();
}

Verdict verdict_of(const Comparison& c) {
  if (std::isnan(c.current) != std::isnan(c.baseline)) return Verdict::error;
  if (share_used(c) <= 1) return Verdict::pass;
  const bool worse = c.worse == Worse::both || (c.worse == Worse::lower) == (c.change() < 0);
  return worse ? Verdict::fail : Verdict::better;
}

int rank(Verdict verdict) {
  switch (verdict) {
    case Verdict::error:
      return 0;
    case Verdict::fail:
      return 1;
    case Verdict::better:
    case Verdict::pass:
      return 2;
    case Verdict::skipped:
      return 3;
  }
  return 3;
}

bool is_worse(const Comparison& a, const Comparison& b) {
  if (rank(a.verdict) != rank(b.verdict)) return rank(a.verdict) < rank(b.verdict);
  return share_used(a) > share_used(b);
}

class ItemComparer {
 public:
  ItemComparer(const Rules& rules, const std::vector<ClassCount>& classes) : rules_(rules), classes_(classes) {}

  /// The worst value of a metric, nothing where it is not compared.
  std::optional<Comparison> compare(const AnalysedItem& current, const AnalysedItem& baseline,
                                    const std::string& metric) const {
    const Tolerance* tolerance = tolerance_of(rules_, current.layer, metric);
    if (tolerance == nullptr && metric != "entanglement") return std::nullopt;
    Comparison one;
    one.epoch = current.epoch;
    one.layer = current.layer;
    one.metric = metric;
    one.rule = tolerance != nullptr ? tolerance->text : "";
    one.relative = tolerance == nullptr || tolerance->relative;
    one.worse = worse_of(metric);
    set_standard_error(current, baseline, one);
    const std::vector<double> now = values_of(current, metric), then = values_of(baseline, metric);
    one.values = now.size();
    std::optional<Comparison> worst;
    std::size_t beyond = 0;
    for (std::size_t k = 0; k < now.size(); ++k) {
      one.current = now[k];
      one.baseline = then[k];
      one.limit = limit_of(tolerance, then[k], one.standard_error);
      one.verdict = verdict_of(one);
      beyond += one.verdict == Verdict::fail || one.verdict == Verdict::error;
      if (worst && !is_worse(one, *worst)) continue;
      worst = one;
      for (const std::size_t c : classes_of(metric, k, classes_.size())) worst->classes.push_back(classes_[c].name);
    }
    worst->beyond = beyond;
    if (worst->verdict == Verdict::error) worst->message = "has a number in one of the files only";
    return worst;
  }

 private:
  static void set_standard_error(const AnalysedItem& current, const AnalysedItem& baseline, Comparison& one) {
    one.standard_error = std::hypot(standard_error_of(current, one.metric), standard_error_of(baseline, one.metric));
    if (std::isnan(one.standard_error)) return;
    const std::optional<analysis::PairedChange> pairs = analysis::paired_change(baseline, current, &one.unpaired);
    if (!pairs) return;
    one.paired = true;
    one.standard_error = pairs->standard_error / (one.metric == "normalized" ? current.result->chance : 1);
  }
  Worse worse_of(const std::string& metric) const {
    Worse worse = Worse::both;
    for (const Direction& direction : rules_.directions) {
      if (direction.metric == metric) worse = direction.worse;
    }
    return worse;
  }

  const Rules& rules_;
  const std::vector<ClassCount>& classes_;
};

Comparison whole_item(const Key& key, Verdict verdict, const std::string& message) {
  Comparison out;
  out.epoch = key.first;
  out.layer = key.second;
  out.verdict = verdict;
  out.message = message;
  return out;
}

}  // namespace

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

std::size_t CheckResult::count(Verdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(comparisons.begin(), comparisons.end(), [=](const Comparison& c) { return c.verdict == verdict; }));
}

bool CheckResult::comparable() const {
  return std::any_of(comparisons.begin(), comparisons.end(),
                     [](const Comparison& c) { return c.verdict != Verdict::error && c.verdict != Verdict::skipped; });
}

bool CheckResult::passed() const { return comparable() && count(Verdict::fail) == 0 && count(Verdict::error) == 0; }

CheckResult compare(const Analysis& current, const std::string& current_file, const Analysis& baseline,
                    const std::string& baseline_file, const Rules& rules) {
  CheckResult result;
  result.current_file = current_file;
  result.baseline_file = baseline_file;
  result.differences = file_differences(current, baseline);
  const bool count_matters = !analysis::same_neighborhood(current, baseline);

  const std::vector<std::string> all_layers = layers_of(baseline, current);
  const std::vector<std::int64_t> all_epochs = epochs_of(baseline, current);
  const std::vector<std::string> layers = selected_layers(rules, all_layers, either(result));
  const std::vector<std::int64_t> epochs = dump::EpochSelection(rules.epochs).select(all_epochs);
  require_use(rules, all_layers, either(result));
  require_effect(rules, baseline);
  const std::set<std::string> layer_set(layers.begin(), layers.end());
  const std::set<std::int64_t> epoch_set(epochs.begin(), epochs.end());

  const ItemMap now = by_key(current), then = by_key(baseline);
  const auto find = [](const ItemMap& items, const Key& key) {
    const auto found = items.find(key);
    return found == items.end() ? nullptr : found->second;
  };
  const ItemComparer comparer(rules, current.classes);
  for (const std::int64_t epoch : all_epochs) {
    for (const std::string& layer : all_layers) {
      const Key key{epoch, layer};
      const AnalysedItem* a = find(now, key);
      const AnalysedItem* b = find(then, key);
      if (a == nullptr && b == nullptr) continue;
      if (!result.differences.empty()) {
        result.comparisons.push_back(whole_item(key, Verdict::skipped, "the files cannot be compared"));
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
