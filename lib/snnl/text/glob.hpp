#pragma once

#include <functional>
#include <string>
#include <vector>

namespace snnl::text {

/// Whether `text` as a whole matches `pattern`, by fnmatch(3): `*` any run of characters ('/' too), `?` one character,
/// `[abc]`, `[a-z]`, `[!a-z]` one of (not of) a set. A '[' that is never closed stands for itself, as a backslash does.
bool glob_match(const std::string& pattern, const std::string& text);

/// Whether `glob` matches `name` or is that name, which may hold brackets.
bool glob_selects(const std::string& glob, const std::string& name);

/// `globs`, and in place of one that selects none of `names` and holds commas its parts: "conv*,logits".
std::vector<std::string> split_lists(const std::vector<std::string>& globs, const std::vector<std::string>& names);

/// The names that one of `globs` selects, in their order; all of them where `globs` is empty. Calls `no_match(glob)`
/// for each glob that selects none.
std::vector<std::string> select_names(const std::vector<std::string>& globs, const std::vector<std::string>& names,
                                      const std::function<void(const std::string& glob)>& no_match);

/// The same of globs that may be lists (split_lists), as options take them.
std::vector<std::string> select_listed(const std::vector<std::string>& globs, const std::vector<std::string>& names,
                                       const std::function<void(const std::string& glob)>& no_match);

}  // namespace snnl::text
