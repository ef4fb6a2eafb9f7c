#include "check/wording.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::check {
namespace {

bool in_percent(const Comparison& c) { return c.relative && c.baseline != 0; }

std::string amount(const Comparison& c, double value) {
  if (!in_percent(c)) return text::format_short(value, 3);
  return text::format_short(100 * value / std::abs(c.baseline), 3) + " %";
}

std::string plural(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string metric_text(const Comparison& c) {
  std::string text = c.metric;
  for (std::size_t k = 0; k < c.classes.size(); ++k)
    text.append(k == 0 ? " " : "/").append(text::printable(c.classes[k]));
  if (c.beyond > 1) text.append(" (and ").append(std::to_string(c.beyond - 1)).append(" more)");
  return text;
}

std::string change_text(const Comparison& c) {
  if (std::isnan(c.change())) return "-";
  if (c.change() == 0) return "0";
  return std::string(c.within_noise() ? "~" : "") + (c.change() < 0 ? "-" : "+") + amount(c, std::abs(c.change()));
}

std::string limit_text(const Comparison& c) { return std::isnan(c.limit) ? "-" : amount(c, c.limit); }

std::string verdict_text(const Comparison& c) {
  if (c.verdict == Verdict::error) return "ERROR";
  if (c.verdict == Verdict::fail) return "FAIL";
  return name_of(c.verdict);
}

bool has_numbers(const Comparison& c) { return !c.metric.empty(); }

std::string reason_text(const Comparison& c) {
  if (!c.message.empty()) return c.message;
  if (!c.seed_limit) return "";
  const bool known = !std::isnan(c.standard_error), beyond_samples = known && !c.within_noise();
  if (c.beyond_seeds()) {
    return !known           ? "beyond the spread between seeds"
           : beyond_samples ? "beyond the spread between seeds, and the noise of the samples"
                            : "beyond the spread between seeds, within the noise of the samples";
  }
  return beyond_samples ? "within the spread between seeds, beyond the noise of the samples" : "";
}

std::vector<std::string> remarks(const CheckResult& result) {
  std::vector<std::string> out = result.baseline_remarks;
  if (result.start_left_out)
    out.push_back("epoch 0 was left out, as before training seeds share nothing; '--epochs :' compares it");
  std::vector<std::string> spreads;
  for (const auto& [layer, spread] : result.spreads) {
    spreads.push_back(fmt::format("{} {} %", text::printable(layer), text::format_short(100 * spread.share, 2)));
  }
  if (!spreads.empty() && result.differences.empty()) {
    const Spread& any = result.spreads.begin()->second;
    out.push_back(fmt::format(
        "standard deviation between {} seeds over {}: {}; of other seeds 1 in 100 is beyond the limits that follow",
        any.runs, plural(any.epochs, "epoch"), fmt::join(spreads, ", ")));
  }
  std::map<std::string, std::size_t> reasons;
  for (const Comparison& c : result.comparisons) {
    if (!c.unpaired.empty()) ++reasons[c.unpaired];
  }
  for (const auto& [reason, count] : reasons) {
    out.push_back(fmt::format("unpaired in {}: {}; standard errors are those of two independent draws",
                              plural(count, "comparison"), reason));
  }
  return out;
}

std::string summary(const CheckResult& result) {
  const std::size_t failed = result.count(Verdict::fail), errors = result.count(Verdict::error);
  const std::size_t better = result.count(Verdict::better), skipped = result.count(Verdict::skipped);
  const std::size_t compared = result.comparisons.size() - errors - skipped;
  if (!result.differences.empty()) return "cannot be compared: " + plural(result.differences.size(), "difference");
  std::string text = result.passed() ? "passed" : result.comparable() ? "failed" : "cannot be compared";
  text += fmt::format(": {}, {} beyond the limit", plural(compared, "comparison"), failed);
  if (better > 0) text += fmt::format(", {} better than the limit", better);
  if (errors > 0) text += fmt::format("; {} impossible", errors);
  if (skipped > 0) text += fmt::format("; {} left out", plural(skipped, "item"));
  return text;
}

}  // namespace snnl::check
