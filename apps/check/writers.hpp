#pragma once

#include <cstddef>
#include <iosfwd>
#include <limits>
#include <string>

#include "check/comparison.hpp"

namespace snnl::check {

inline constexpr std::size_t all_rows = std::numeric_limits<std::size_t>::max();

/// For the terminal: old, new, change, limit and verdict, the worst first; of more than `rows` rows the first are
/// shown.
std::string to_table(const CheckResult& result, std::size_t rows = 40);

/// "snnl.check/1" (docs/check.md, docs/schema); takes little memory beside the result.
void write_json(std::ostream& out, const CheckResult& result);

/// The same as text.
std::string to_json(const CheckResult& result);

/// For a comment on a pull request: a table of what does not pass, the rest folded away; of more than `rows` rows each
/// the first are shown. Names are code: they ping nobody and render as they are.
std::string to_markdown(const CheckResult& result, std::size_t rows = 100);

/// JUnit XML: a test case a comparison; `failure` is beyond its limit, `error` could not be compared, `skipped` was not
/// looked at.
std::string to_junit(const CheckResult& result);

}  // namespace snnl::check
