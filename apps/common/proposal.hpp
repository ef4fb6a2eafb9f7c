#pragma once

#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"
#include "snnl/inspect/inspection.hpp"
#include "snnl/isolation/isolation.hpp"

namespace tool {

/// Whether `error` is of `file`, or of something in it.
bool is_of(const snnl::Error& error, const std::string& file);

/// `error` of opening `files`; where layers or labels are not where they are by default, and `given` says nothing of
/// them, with the advice to ask snnl-inspect.
snnl::Error refer_to_inspect(const snnl::Error& error, const std::vector<std::string>& files,
                             const snnl::dump::Options& given);

/// What snnl-inspect proposes for `files`, told by `tool` on stderr, where that is the only thing that fits. `error` is
/// why they cannot be opened by `given`. Throws it, referred to snnl-inspect, where there is no such proposal, and as
/// it is where `given` names a layout or labels: these are not changed.
snnl::inspect::Proposal only_proposal(const std::string& tool, const snnl::isolation::Isolation& isolation,
                                      const std::vector<std::string>& files, const snnl::dump::Options& given,
                                      const snnl::dump::LayoutError& error);

}  // namespace tool
