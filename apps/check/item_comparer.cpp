#include "check/item_comparer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "check/metrics.hpp"
#include "check/rule_use.hpp"
#include "snnl/analysis/sample_losses.hpp"

namespace snnl::check {
namespace {

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

void set_standard_error(const AnalysedItem& current, const AnalysedItem& baseline, Comparison& one) {
  one.standard_error = std::hypot(standard_error_of(current, one.metric), standard_error_of(baseline, one.metric));
  if (std::isnan(one.standard_error)) return;
  const std::optional<analysis::PairedChange> pairs = analysis::paired_change(baseline, current, &one.unpaired);
  if (!pairs) return;
  one.paired = true;
  one.standard_error = pairs->standard_error / (one.metric == "normalized" ? current.result->chance : 1);
}

}  // namespace

bool is_worse(const Comparison& a, const Comparison& b) {
  if (rank(a.verdict) != rank(b.verdict)) return rank(a.verdict) < rank(b.verdict);
  return share_used(a) > share_used(b);
}

void ItemComparer::set_limit(const Tolerance* tolerance, Comparison& one) const {
  const auto spread = one.metric == "entanglement" ? spreads_.find(one.layer) : spreads_.end();
  if (spread != spreads_.end()) one.seed_limit = spread->second.limit(one.baseline, one.worse, spreads_.size());
  if (tolerance) {
    one.limit = tolerance->relative ? tolerance->value * std::abs(one.baseline) : tolerance->value;
    one.limit_of = LimitOf::tolerance;
    return;
  }
  one.limit = rounding;
  one.limit_of = LimitOf::arithmetic;
  const auto at_least = [&](double limit, LimitOf of) {
    if (!(limit > one.limit)) return;
    one.limit = limit;
    one.limit_of = of;
  };
  at_least(default_share * std::abs(one.baseline), LimitOf::share);
  if (one.seed_limit) {
    at_least(*one.seed_limit, LimitOf::seeds);
    // Runs of the same samples differ by their seeds alone, whatever other samples would say.
    if (one.paired) return;
  }
  at_least(noise_standard_errors * one.standard_error, LimitOf::samples);
}

std::optional<Comparison> ItemComparer::compare(const AnalysedItem& current, const AnalysedItem& baseline,
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
    set_limit(tolerance, one);
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

Worse ItemComparer::worse_of(const std::string& metric) const {
  Worse worse = Worse::both;
  for (const Direction& direction : rules_.directions) {
    if (direction.metric == metric) worse = direction.worse;
  }
  return worse;
}

}  // namespace snnl::check
