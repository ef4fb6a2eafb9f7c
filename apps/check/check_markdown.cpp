#include <algorithm>
#include <sstream>

#include "check/wording.hpp"
#include "check/writers.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::check {
namespace {

/// Inline code that shows `text` as it is, also in a table (CommonMark 6.1, GFM tables).
std::string code(const std::string& text) {
  if (text.empty()) return "";
  std::size_t longest = 0, run = 0;
  std::string body;
  for (const char c : text::printable(text)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') body += '\\';
    body += c;
  }
  const std::string fence(longest + 1, '`');
  const bool room = body.front() == '`' || body.back() == '`';
  return fence + (room ? " " : "") + body + (room ? " " : "") + fence;
}

void print_rows(std::ostream& out, const std::vector<const Comparison*>& comparisons, std::size_t rows) {
  out << "| epoch | layer | metric | old | new | change | limit | verdict |\n|--:|---|---|--:|--:|--:|--:|---|\n";
  for (std::size_t k = 0; k < std::min(rows, comparisons.size()); ++k) {
    const Comparison& c = *comparisons[k];
    out << "| " << c.epoch << " | " << code(c.layer) << " | " << code(metric_text(c)) << " | ";
    if (has_numbers(c)) {
      out << text::format_short(c.baseline) << " | " << text::format_short(c.current) << " | " << change_text(c)
          << " | " << limit_text(c) << " | ";
    } else {
      out << " | | | | ";
    }
    out << verdict_text(c) << (reason_text(c).empty() ? "" : ": " + code(reason_text(c))) << " |\n";
  }
  if (comparisons.size() > rows) out << "\n... and " << comparisons.size() - rows << " more.\n";
}

}  // namespace

std::string to_markdown(const CheckResult& result, std::size_t rows) {
  std::ostringstream out;
  out << "### snnl-check " << summary(result) << "\n\n"
      << code(result.current_file) << " against " << code(result.baseline_name) << '\n';
  if (!result.differences.empty()) out << '\n';
  for (const std::string& difference : result.differences) out << "- " << code(difference) << '\n';
  std::vector<const Comparison*> bad, good;
  for (const Comparison& c : result.comparisons) {
    if (c.verdict == Verdict::skipped) continue;
    (c.verdict == Verdict::error || c.verdict == Verdict::fail ? bad : good).push_back(&c);
  }
  if (!bad.empty()) {
    out << '\n';
    print_rows(out, bad, rows);
  }
  if (!good.empty()) {
    out << "\n<details><summary>" << good.size() << " passed</summary>\n\n";
    print_rows(out, good, rows);
    out << "\n</details>\n";
  }
  const auto is_noise = [](const Comparison* c) { return change_text(*c).front() == '~'; };
  if (std::any_of(bad.begin(), bad.end(), is_noise) || std::any_of(good.begin(), good.end(), is_noise)) {
    out << "\n\\~ within three standard errors of the change\n";
  }
  for (const std::string& line : remarks(result)) out << '\n' << code(line) << '\n';
  return out.str();
}

}  // namespace snnl::check
