#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "check/comparison.hpp"

namespace snnl::check {

/// "class_similarity cat/dog (and 3 more)"; empty for a whole item.
std::string metric_text(const Comparison& comparison);

/// "+5.12 %" where the limit is a share of the baseline, else "+0.0123"; with "~" in front where it is within noise.
std::string change_text(const Comparison& comparison);

/// The limit in the unit of change_text.
std::string limit_text(const Comparison& comparison);

/// "FAIL" and "ERROR" stand out.
std::string verdict_text(const Comparison& comparison);

/// Whether there are numbers to show.
bool has_numbers(const Comparison& comparison);

/// What is said after the verdict: why it could not be compared; with several baselines, which of the two kinds of
/// noise the change exceeds. Often empty.
std::string reason_text(const Comparison& comparison);

/// What is said of all comparisons, a line each: that epoch 0 was left out, the spread between several baselines, and
/// each reason for which the same samples were not compared by pairs.
std::vector<std::string> remarks(const CheckResult& result);

/// "passed: 24 comparisons", "failed: 2 of 24 comparisons beyond their limits", "cannot be compared"
std::string summary(const CheckResult& result);

/// In single quotes.
inline std::string quoted(const std::string& text) { return fmt::format("'{}'", text); }

}  // namespace snnl::check
