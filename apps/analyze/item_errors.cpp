#include "analyze/item_errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyze/options.hpp"
#include "common/tool.hpp"
#include "snnl/text/wording.hpp"

namespace analyze {

void ItemErrors::tell(const std::string& location, const std::string& message) {
  const std::string text = message.starts_with(location) ? message.substr(location.size()) : message;
  const auto known = std::find_if(reasons_.begin(), reasons_.end(), [&](const Reason& r) { return r.text == text; });
  if (known != reasons_.end()) {
    known->others.push_back(location);
    return;
  }
  tool::print_error(tool_name, message);
  reasons_.push_back({text, location, {}});
}

void ItemErrors::finish() const {
  for (const Reason& reason : reasons_) {
    if (reason.others.size() == 1) tool::print_error(tool_name, reason.others[0] + reason.text);
    if (reason.others.size() < 2) continue;
    tool::print_error(tool_name, fmt::format("{}: the same of {} more: {}", reason.first, reason.others.size(),
                                             snnl::text::listing(reason.others, 3)));
  }
}

}  // namespace analyze
