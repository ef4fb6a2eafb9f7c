#include "snnl/inspect/name_meaning.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace snnl::inspect {

bool all_digits(const std::string& text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::string word_of(const std::string& name) {
  std::string word;
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return word;
}

bool says_epoch(const std::string& word) {
  static const std::set<std::string> words = {"epoch", "epochs", "ep",         "e",       "step",       "steps",
                                              "iter",  "it",     "iteration",  "ckpt",    "checkpoint", "time",
                                              "t",     "global", "globalstep", "snapshot"};
  return words.contains(word);
}

bool says_layer(const std::string& word) {
  static const std::set<std::string> words = {"layer", "layers", "block",  "blocks",    "conv", "fc",
                                              "dense", "linear", "stage",  "hidden",    "bn",   "norm",
                                              "relu",  "mlp",    "attn",   "attention", "h",    "head",
                                              "pool",  "unit",   "module", "stack",     "res",  "resblock"};
  return words.contains(word);
}

bool says_stage(const std::string& name) {
  constexpr std::array stages = {"init", "start", "begin", "middle", "end", "final", "last", "before", "after", "best"};
  const std::string word = word_of(name);
  return std::any_of(stages.begin(), stages.end(),
                     [&](const char* stage) { return word.find(stage) != std::string::npos; });
}

}  // namespace snnl::inspect
