#include "snnl/text/glob.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <sstream>

namespace snnl::text {

bool glob_match(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

bool glob_selects(const std::string& glob, const std::string& name) { return glob == name || glob_match(glob, name); }

std::vector<std::string> split_lists(const std::vector<std::string>& globs, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& glob : globs) {
    const bool selects =
        std::any_of(names.begin(), names.end(), [&](const auto& name) { return glob_selects(glob, name); });
    if (selects || glob.find(',') == std::string::npos) {
      out.push_back(glob);
      continue;
    }
    const std::size_t before = out.size();
    std::istringstream parts(glob);
    for (std::string part; std::getline(parts, part, ',');) {
      if (!part.empty()) out.push_back(part);
    }
    if (out.size() == before) out.push_back(glob);
  }
  return out;
}

std::vector<std::string> select_names(const std::vector<std::string>& globs, const std::vector<std::string>& names,
                                      const std::function<void(const std::string& glob)>& no_match) {
  if (globs.empty()) return names;
  std::vector<bool> chosen(names.size(), false);
  for (const std::string& glob : globs) {
    bool any = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!glob_selects(glob, names[i])) continue;
      chosen[i] = any = true;
    }
    if (!any) no_match(glob);
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (chosen[i]) out.push_back(names[i]);
  }
  return out;
}

std::vector<std::string> select_listed(const std::vector<std::string>& globs, const std::vector<std::string>& names,
                                       const std::function<void(const std::string& glob)>& no_match) {
  return select_names(split_lists(globs, names), names, no_match);
}

}  // namespace snnl::text
