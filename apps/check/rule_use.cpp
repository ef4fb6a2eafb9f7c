#include "check/rule_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "check/wording.hpp"
#include "snnl/error.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/number.hpp"

namespace snnl::check {
namespace {

[[noreturn]] void fail_no_match(const std::string& rule, const std::string& glob,
                                const std::vector<std::string>& layers, const std::string& files) {
  throw Error(rule, fmt::format("no layer of {} matches {}{}", files, quoted(glob), text::did_you_mean(glob, layers)));
}

void require_matches(const Rules& rules, const std::vector<std::string>& layers, const std::string& files) {
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

}  // namespace

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

void require_use(const Rules& rules, const std::vector<std::string>& layers, const std::string& files,
                 const Analysis& baseline) {
  require_matches(rules, layers, files);
  require_effect(rules, baseline);
}

}  // namespace snnl::check
