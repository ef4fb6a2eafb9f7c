#pragma once

#include <string>

namespace snnl::inspect {

/// '0' to '9'.
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Whether `text` is a number; not where it is empty.
bool all_digits(const std::string& text);
/// The letters of a name, small: "Epoch_12" is "epoch".
std::string word_of(const std::string& name);

// What people call things, by the word of a name.

/// "epoch", "step", "ckpt" ...
bool says_epoch(const std::string& word);
/// "conv", "block", "layer" ...
bool says_layer(const std::string& word);
/// Whether a name holds "init", "final", "best" ...
bool says_stage(const std::string& name);

}  // namespace snnl::inspect
