#include "snnl/dump/layout_pattern.hpp"

#include "fuzz/targets.hpp"
#include "snnl/error.hpp"

namespace fuzz {

void layout_pattern(std::string_view bytes) {
  using namespace snnl::dump;
  Input in(bytes);
  const std::string pattern_text = in.line(), epoch = in.line(), layer = in.line(), path = in.line();
  try {
    const LayoutPattern pattern(pattern_text);
    require(!pattern.root().empty(), "a pattern has no root");
    if (const auto match = pattern.match(path)) {
      require(!match->layer.empty() && pattern.has_epoch() == !match->epoch.empty(), "a match lacks a part");
      // What matches must be found on the way down.
      const bool is_plain = path.starts_with('/') && !path.ends_with('/') && path.find("//") == std::string::npos;
      for (std::size_t at = path.find('/', 1); is_plain && at != std::string::npos; at = path.find('/', at + 1)) {
        require(pattern.may_lead_to_match(path.substr(0, at)), "the way to a match is not taken");
      }
    }
    pattern.match(fill_placeholders(pattern_text, epoch, layer));
  } catch (const snnl::Error&) {
  }
}

}  // namespace fuzz
