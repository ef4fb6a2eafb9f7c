#pragma once

#include <functional>
#include <string>

#include "support/run.hpp"

/// What `tool` said when it refused with `status`: its one line on stderr, without its name. Nothing else of the run
/// may be wrong.
std::string refusal_line(const std::string& tool, const run::Result& result, int status = 2);

/// What the snnl::Error that `f` throws says; nothing where it throws none.
std::string refusal(const std::function<void()>& f);
