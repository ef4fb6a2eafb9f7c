#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tool {

/// The manual page, section 1, in man(7) macros. The footer's paragraphs become sections: what begins with "Example: "
/// or "Exit status: " its own, any other one a note.
std::string man_page(CLI::App& app);

}  // namespace tool
