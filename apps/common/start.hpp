#pragma once

#include <functional>

namespace tool {

/// What main() of every tool is: runs `body` and returns its status, or tells what it throws in one line and returns
/// `unusable`; also where there is no memory to tell it with.
///
/// Descriptors 0, 1 and 2 that were closed are taken first, so that no file the tool opens gets their numbers: what is
/// then read there, or written to stdout, fails.
int run_main(const char* name, const std::function<int()>& body) noexcept;

}  // namespace tool
