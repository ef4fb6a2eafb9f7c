#pragma once

#include "train/command_line.hpp"

namespace train {

/// Trains, records and writes what the command line, which is validated, asks for. Returns the exit status. Throws
/// snnl::Error.
int run(CommandLine& o);

}  // namespace train
