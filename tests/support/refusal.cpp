#include "support/refusal.hpp"

#include <doctest/doctest.h>

#include "snnl/error.hpp"
#include "support/scratch.hpp"

std::string refusal_line(const std::string& tool, const run::Result& result, int status) {
  CHECK(result.status == status);
  const std::vector<std::string> lines = lines_of(result.err);
  REQUIRE_MESSAGE(lines.size() == 1, result.err);
  const std::string start = tool + ": error: ";
  REQUIRE_MESSAGE(lines[0].rfind(start, 0) == 0, lines[0]);
  return lines[0].substr(start.size());
}

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const snnl::Error& e) {
    return e.what();
  }
  return "";
}
