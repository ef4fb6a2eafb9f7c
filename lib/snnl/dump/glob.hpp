#pragma once

#include <string_view>

namespace snnl::dump {

/// Whether `text` as a whole matches `pattern`: `*` any run of characters ('/' too), `?` one character, `[abc]`,
/// `[a-z]`, `[!a-z]` one of (not of) a set. A '[' that is never closed stands for itself. Linear in the product of the
/// lengths, however many stars there are.
bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace snnl::dump
