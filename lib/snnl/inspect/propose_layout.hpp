#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/inspect/inspection.hpp"

namespace snnl::inspect {

/// Looks for options by which `files` can be opened as a dump: a layout, unless `given` has one or `keep_layout` says
/// that the default fits, and labels, unless `given` has them. Of those tried, the first whose items all have as many
/// samples as there are labels, else the one with most such items. Where the file has no labels at all, the likeliest
/// layout, which cannot be tried. Nothing where none opens. Others are told where they read as much and are nearly as
/// likely, but make other epochs and layers, or other classes.
std::optional<Proposal> propose_layout(const std::vector<std::string>& files, const dump::Options& given,
                                       bool keep_layout);

}  // namespace snnl::inspect
