#include "snnl/dump/selection.hpp"

#include "check/rules.hpp"
#include "fuzz/targets.hpp"
#include "snnl/error.hpp"
#include "snnl/outliers/sample_part.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/natural_order.hpp"
#include "snnl/text/nearest_name.hpp"

namespace fuzz {
namespace {

template <class Run>
void refused_or(const Run& run) {
  try {
    run();
  } catch (const snnl::Error&) {
  }
}

}  // namespace

void selection(std::string_view bytes) {
  using namespace snnl;
  Input in(bytes);
  const std::string a = in.line(), b = in.line(), c = in.line();
  refused_or([&] {
    for (const std::int64_t epoch : dump::EpochSelection(a).select({INT64_MIN, -1, 0, 7, 50, INT64_MAX})) {
      require(epoch == INT64_MIN || epoch == INT64_MAX || (epoch >= -1 && epoch <= 50), "an epoch is made up");
    }
  });
  require(text::glob_selects(a, a), "a name does not select itself");
  text::glob_match(a, b);
  require(text::glob_match(a + "*", a + b) || a.find_first_of("[?*") != std::string::npos, "a star does not match");
  refused_or([&] { check::parse_tolerance(a, ""); });
  refused_or([&] { check::parse_direction(a, ""); });
  refused_or([&] { outliers::parse_sample_part("\n" + a, ""); });  // no file has such a name
  text::nearest_name(a, {b, c});
  // A strict total order.
  const auto less = [](const std::string& x, const std::string& y) { return text::natural_less(x, y); };
  require(!less(a, a) && less(a, b) + less(b, a) == (a == b ? 0 : 1), "names have no order");
  require(!(less(a, b) && less(b, c)) || less(a, c), "the order of names is not transitive");
}

}  // namespace fuzz
