#include <algorithm>
#include <sstream>

#include "check/wording.hpp"
#include "check/writers.hpp"
#include "snnl/text/columns.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::check {

std::string to_table(const CheckResult& result, std::size_t rows) {
  std::ostringstream out;
  for (const std::string& difference : result.differences) out << "  " << text::message_line(difference) << '\n';

  std::vector<std::vector<std::string>> table{{"epoch", "layer", "metric", "old", "new", "change", "limit", "verdict"}};
  const std::size_t compared = result.comparisons.size() - result.count(Verdict::skipped);
  const std::size_t shown = std::min(rows, compared);
  for (std::size_t k = 0; k < shown; ++k) {
    const Comparison& c = result.comparisons[k];
    std::vector<std::string> row{std::to_string(c.epoch), text::printable(c.layer), metric_text(c)};
    if (has_numbers(c)) {
      row.insert(row.end(), {text::format_short(c.baseline), text::format_short(c.current), change_text(c),
                             limit_text(c), verdict_text(c)});
    } else {
      row.insert(row.end(), {"", "", "", "", verdict_text(c)});
    }
    if (const std::string why = reason_text(c); !why.empty()) row.back() += ": " + text::printable(why);
    table.push_back(std::move(row));
  }
  if (shown > 0) text::print_columns(out, table, [](std::size_t c) { return c == 1 || c == 2 || c == 7; });
  if (shown < compared) out << "  ... and " << compared - shown << " more; --all prints them\n";
  const bool noisy =
      std::any_of(result.comparisons.begin(), result.comparisons.begin() + static_cast<std::ptrdiff_t>(shown),
                  [](const Comparison& c) { return change_text(c).front() == '~'; });
  if (noisy) out << "  ~ within three standard errors of the change\n";
  for (const std::string& line : remarks(result)) out << "  " << text::message_line(line) << '\n';
  out << summary(result) << '\n';
  return out.str();
}

}  // namespace snnl::check
