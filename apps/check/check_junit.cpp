#include <fmt/format.h>

#include <sstream>

#include "check/wording.hpp"
#include "check/writers.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"
#include "snnl/version.hpp"

namespace snnl::check {
namespace {

/// Text of an attribute or element; what is printable is what XML 1.0 can hold.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text::printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void print_case(std::ostream& out, const std::string& suite, const std::string& name, const std::string& element,
                const std::string& type, const std::string& message) {
  out << "    <testcase classname=\"" << escaped(suite) << "\" name=\"" << escaped(name) << '"';
  if (element.empty()) {
    out << "/>\n";
    return;
  }
  out << ">\n      <" << element;
  if (!type.empty()) out << " type=\"" << type << '"';
  out << " message=\"" << escaped(message) << "\"/>\n    </testcase>\n";
}

std::string message_of(const Comparison& c) {
  if (!c.message.empty()) return c.message;
  const std::string why = reason_text(c);
  return fmt::format("{}: {} -> {}, change {}, limit {}{}{}", metric_text(c), text::format_short(c.baseline),
                     text::format_short(c.current), change_text(c), limit_text(c), why.empty() ? "" : ": ", why);
}

void print_comparison(std::ostream& out, const Comparison& c) {
  // Of a metric with many values the name must not depend on which is the worst: names are what histories go by.
  const std::string name = fmt::format("epoch {}{}", c.epoch, c.metric.empty() ? "" : " " + c.metric);
  switch (c.verdict) {
    case Verdict::error:
      return print_case(out, c.layer, name, "error", "incomparable", message_of(c));
    case Verdict::fail:
      return print_case(out, c.layer, name, "failure", "limit", message_of(c));
    case Verdict::skipped:
      return print_case(out, c.layer, name, "skipped", "", c.message);
    case Verdict::better:
    case Verdict::pass:
      return print_case(out, c.layer, name, "", "", "");
  }
}

}  // namespace

std::string to_junit(const CheckResult& result) {
  std::ostringstream counts;
  counts << " tests=\"" << result.comparisons.size() + result.differences.size() << "\" failures=\""
         << result.count(Verdict::fail) << "\" errors=\"" << result.count(Verdict::error) + result.differences.size()
         << "\" skipped=\"" << result.count(Verdict::skipped) << '"';
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"snnl-check " << version << "\">\n"
      << "  <testsuite name=\"" << escaped(fmt::format("{} against {}", result.current_file, result.baseline_name))
      << '"' << counts.str() << ">\n";
  for (const std::string& difference : result.differences) {
    print_case(out, "options and classes", difference.substr(0, difference.find(':')), "error", "incomparable",
               difference);
  }
  for (const Comparison& c : result.comparisons) print_comparison(out, c);
  out << "  </testsuite>\n</testsuites>\n";
  return out.str();
}

}  // namespace snnl::check
