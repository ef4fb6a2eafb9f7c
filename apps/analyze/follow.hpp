#pragma once

#include <atomic>

#include "analyze/options.hpp"
#include "snnl/isolation/isolation.hpp"

namespace analyze {

/// Analyses the dumps, and every epoch that comes to them, until nothing has changed for --idle-timeout or `stop` is
/// set; the outputs are written anew whenever something was analysed. Returns the exit status.
///
/// A file that cannot be read now, because it is still being written, locked, replaced or gone, is tried again when it
/// has changed; what it is that keeps it from being read is told at the end. Files are read without a lock, so that
/// whoever writes them is not hindered: what was read while a file changed is thrown away.
int follow(const Options& o, const snnl::isolation::Isolation& isolation, const std::atomic<bool>& stop);

}  // namespace analyze
