#include "snnl/text/glob.hpp"

#include <cstddef>

namespace snnl {
namespace {

// What one pattern element (not a star) says about a character.
struct Element {
  bool matches;
  std::size_t length;  // of the element in the pattern
};

Element match_set(std::string_view set, char c) {
  std::size_t i = 1;
  const bool negated = i < set.size() && (set[i] == '!' || set[i] == '^');
  if (negated) ++i;
  const std::size_t first = i;
  bool found = false;
  // A ']' in first place belongs to the set.
  while (i < set.size() && (set[i] != ']' || i == first)) {
    if (i + 2 < set.size() && set[i + 1] == '-' && set[i + 2] != ']') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 3;
    } else {
      found = found || set[i] == c;
      ++i;
    }
  }
  if (i >= set.size()) return {c == '[', 1};
  return {found != negated, i + 1};
}

Element match_one(std::string_view pattern, char c) {
  if (pattern[0] == '?') return {true, 1};
  if (pattern[0] == '[') return match_set(pattern, c);
  return {pattern[0] == c, 1};
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  // Only the last star ever needs to give back characters.
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    if (p < pattern.size()) {
      const Element element = match_one(pattern.substr(p), text[t]);
      if (element.matches) {
        p += element.length;
        ++t;
        continue;
      }
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++star_text;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool glob_selects(std::string_view glob, std::string_view name) { return glob == name || glob_match(glob, name); }

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

}  // namespace snnl
