#pragma once

#include <atomic>

namespace tool {

/// What Ctrl-C (SIGINT), SIGTERM and SIGHUP do. Those that are ignored when the tool starts stay so.

/// They end the tool: temporary files are removed, one line is said, and the process ends by the signal, which a shell
/// tells as 130, 143 or 129. Called by `parse`.
void end_on_signals();

/// The first one sets the flag that is returned; any other one ends the tool.
const std::atomic<bool>& stop_on_signals();

/// 128 + the signal that set the flag; 0 where none did.
int signal_status();

}  // namespace tool
