#pragma once

#include <memory>
#include <string>
#include <vector>

#include "snnl/inspect/inspect_dump.hpp"
#include "snnl/isolation/launcher.hpp"

namespace snnl::isolation {

/// As inspect::inspect_dump, by processes of `launcher`. What kills one is left alone by the next one, and is a
/// finding.
inspect::Inspection inspect_remotely(const std::shared_ptr<Launcher>& launcher, const std::vector<std::string>& files,
                                     const inspect::InspectOptions& options, const inspect::OnProgress& on_progress);

}  // namespace snnl::isolation
