#pragma once

#include <string>
#include <vector>

namespace snnl::check {

/// The files of a baseline, as they were named.
struct BaselineFiles {
  std::vector<std::string> there;  ///< that exist: each file named, and those of each folder that end in .json, by name
  /// Where a new one goes: the one that was named, or the one of several that does not exist, or, in a folder, under
  /// the name of CURRENT. Empty where there is no telling.
  std::string target;
  std::vector<std::string> missing;  ///< files named that do not exist
};

/// Throws snnl::Error where a folder cannot be read.
BaselineFiles find_baselines(const std::vector<std::string>& named, const std::string& current);

}  // namespace snnl::check
