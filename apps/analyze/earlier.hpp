#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "analyze/options.hpp"
#include "common/tool.hpp"
#include "snnl/analysis/earlier_analysis.hpp"

namespace analyze {

/// Forgets of `earlier` what is not to be kept with these options and classes, and says so. What was damaged is told
/// even with --quiet: nobody asked for it.
inline void keep_what_fits(snnl::analysis::EarlierAnalysis& earlier, const Options& o,
                           const std::vector<snnl::ClassCount>& classes) {
  const auto tell = [&](const std::string& what) {
    tool::print_note(tool_name, fmt::format("{}: {} computed anew", o.json, what));
  };
  if (const std::string why = earlier.keep_for(o.analysis, classes); !why.empty()) {
    if (!o.quiet) tell(why + "; everything is");
    earlier = {};
  } else if (const std::string damage = earlier.take_damage(); !damage.empty()) {
    tell(damage + "; they are");
  }
}

}  // namespace analyze
