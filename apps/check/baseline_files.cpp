#include "check/baseline_files.hpp"

#include <algorithm>
#include <filesystem>

#include "snnl/error.hpp"
#include "snnl/files/file_exists.hpp"

namespace snnl::check {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> analyses_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    if (at->path().extension() == ".json" && at->path().filename().string()[0] != '.')
      out.push_back(at->path().string());
  }
  if (failure) throw Error(folder, "the folder cannot be read: " + failure.message());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

BaselineFiles find_baselines(const std::vector<std::string>& named, const std::string& current) {
  BaselineFiles out;
  std::vector<std::string> targets;
  for (const std::string& name : named) {
    std::error_code failure;
    if (fs::is_directory(name, failure)) {
      const std::vector<std::string> inside = analyses_in(name);
      out.there.insert(out.there.end(), inside.begin(), inside.end());
      targets.push_back((fs::path(name) / fs::path(current).filename()).string());
    } else if (files::file_exists(name)) {
      out.there.push_back(name);
      if (named.size() == 1) targets.push_back(name);
    } else {
      out.missing.push_back(name);
      targets.push_back(name);
    }
  }
  if (targets.size() == 1) out.target = targets[0];
  return out;
}

}  // namespace snnl::check
