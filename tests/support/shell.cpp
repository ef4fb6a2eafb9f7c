#include "support/shell.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "support/run.hpp"
#include "support/scratch.hpp"

namespace shell {

std::vector<std::string> tools(const std::string& names) {
  std::vector<std::string> all;
  std::istringstream in(names);
  for (std::string name; in >> name;) all.push_back(name);
  return all;
}

std::string find(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder.append("/").append(program);
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

std::string generated(const std::string& tool, const std::string& kind) {
  const run::Result result = run::program(tool, {"--generate=" + kind});
  REQUIRE_MESSAGE(result.status == 0, result.err);
  REQUIRE(result.err == "");
  return result.out;
}

std::vector<std::string> long_options(const std::string& tool) {
  std::vector<std::string> all;
  for (const std::string& line : lines_of(run::program(tool, {"--help"}).out)) {
    // "  --json FILE   ..." or "  -q,--quiet   ..."; an example is no option, nor is what a description mentions.
    const std::size_t start = line.find_first_not_of(' ');
    if (start != 2 || line[start] != '-') continue;
    const std::size_t dashes = line.find("--");
    if (dashes == std::string::npos || dashes > start + 3) continue;
    all.push_back(line.substr(dashes, line.find_first_of(" ,=", dashes) - dashes));
  }
  REQUIRE(all.size() >= 2);
  return all;
}

}  // namespace shell
