#include "snnl/inspect/path_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include "snnl/inspect/name_meaning.hpp"

namespace snnl::inspect {
namespace {

std::vector<std::string> names_of(const std::string& path) {
  std::vector<std::string> names;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    names.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) path.append("/").append(name);
  return path;
}

// "conv_1_7" -> "{layer}_{epoch}", "e7-conv" -> "e{epoch}-{layer}"
std::vector<std::string> both_in_one(const std::string& name) {
  std::vector<std::string> patterns;
  const auto is_separator = [](char c) { return c == '_' || c == '-' || c == '.' || c == ':' || c == '@' || c == ' '; };
  std::size_t end = name.size();
  while (end > 0 && is_digit(name[end - 1])) --end;
  if (end < name.size() && end > 0) {
    if (is_separator(name[end - 1]) && end > 1)
      patterns.push_back(fmt::format("{{layer}}{}{{epoch}}", name.substr(end - 1, 1)));
    const std::size_t epoch_word = is_separator(name[end - 1]) ? end - 1 : end;
    std::size_t word = epoch_word;
    while (word > 0 && std::isalpha(static_cast<unsigned char>(name[word - 1])) != 0) --word;
    if (word > 1 && is_separator(name[word - 1]) && says_epoch(word_of(name.substr(word, epoch_word - word)))) {
      patterns.push_back(fmt::format("{{layer}}{}{{epoch}}", name.substr(word - 1, end - word + 1)));
    }
  }
  const std::size_t first = std::min(name.find_first_of("0123456789"), name.size());
  std::size_t after = first;
  while (after < name.size() && is_digit(name[after])) ++after;
  if (after > first && after + 1 < name.size() && is_separator(name[after])) {
    patterns.push_back(fmt::format("{}{{epoch}}{}{{layer}}", name.substr(0, first), name.substr(after, 1)));
  }
  return patterns;
}

// "epoch_12" -> "epoch_{epoch}"; one for each number in the name.
std::vector<std::string> parts_of_name(const std::string& name) {
  std::vector<std::string> patterns;
  if (all_digits(name)) return patterns;
  for (std::size_t first = 0; first < name.size(); ++first) {
    if (!is_digit(name[first])) continue;
    std::size_t last = first;
    while (last < name.size() && is_digit(name[last])) ++last;
    patterns.push_back(fmt::format("{}{{epoch}}{}", name.substr(0, first), name.substr(last)));
    first = last;
  }
  return patterns;
}

}  // namespace

void add_patterns(const std::string& path, std::set<std::string>& patterns) {
  const std::vector<std::string> names = names_of(path);
  if (names.size() > 12 || path.find_first_of("{}") != std::string::npos) return;
  const auto with_layer = [&](std::vector<std::string> filled, std::size_t epoch) {
    for (std::size_t first = 0; first < filled.size(); ++first) {
      for (std::size_t last = first; last < filled.size() && last != epoch; ++last) {
        if (first == epoch) break;
        std::vector<std::string> one = filled;
        one.erase(one.begin() + static_cast<std::ptrdiff_t>(first + 1),
                  one.begin() + static_cast<std::ptrdiff_t>(last + 1));
        one[first] = "{layer}";
        patterns.insert(joined(one));
      }
    }
  };
  with_layer(names, names.size());
  for (std::size_t epoch = 0; epoch < names.size(); ++epoch) {
    std::vector<std::string> texts = parts_of_name(names[epoch]);
    texts.emplace_back("{epoch}");
    for (const std::string& text : texts) {
      std::vector<std::string> filled = names;
      filled[epoch] = text;
      patterns.insert(joined(filled));
      with_layer(filled, epoch);
    }
    for (const std::string& text : both_in_one(names[epoch])) {
      std::vector<std::string> filled = names;
      filled[epoch] = text;
      patterns.insert(joined(filled));
    }
  }
}

}  // namespace snnl::inspect
