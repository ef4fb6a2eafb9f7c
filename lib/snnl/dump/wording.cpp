#include "snnl/dump/wording.hpp"

#include <algorithm>
#include <numeric>

namespace snnl::dump {

std::string location(const std::string& file, const std::string& path) {
  std::string text = path.empty() ? file : file + ":" + path;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string listing(const std::vector<std::string>& names, std::size_t limit) {
  std::string text;
  const std::size_t shown = std::min(limit, names.size());
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return location(text, "");
}

std::string listing(const std::vector<std::int64_t>& numbers) {
  constexpr std::size_t limit = 8;
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers.size() > limit && i + 1 == limit) {
      return text + ", ..., " + std::to_string(numbers.back());
    }
    text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
  }
  return text;
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
  const std::size_t allowed = std::max<std::size_t>(1, std::min<std::size_t>(3, wanted.size() / 3));
  std::size_t best = allowed + 1;
  const std::string* nearest = nullptr;
  for (const std::string& name : names) {
    // The length difference is a lower bound, and keeps absurdly long names out of the quadratic comparison.
    if (name.size() > wanted.size() + allowed || wanted.size() > name.size() + allowed) continue;
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < best) {
      best = distance;
      nearest = &name;
    }
  }
  return nearest == nullptr ? "" : "; did you mean '" + location(*nearest, "") + "'?";
}

}  // namespace snnl::dump
