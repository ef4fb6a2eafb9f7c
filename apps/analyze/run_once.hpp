#pragma once

#include "analyze/options.hpp"
#include "snnl/isolation/isolation.hpp"

namespace analyze {

/// Analyses the dumps as they are and writes the outputs; returns the exit status. With --resume the outputs are also
/// written on the way. On the first signal what is done is written.
int run_once(const Options& o, const snnl::isolation::Isolation& isolation);

}  // namespace analyze
