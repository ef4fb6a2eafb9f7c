#include "snnl/text/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/text/printable.hpp"

namespace snnl::text {

std::string location(const std::string& file, const std::string& path) {
  return printable(path.empty() ? file : fmt::format("{}:{}", file, path));
}

std::string listing(const std::vector<std::string>& names, std::size_t limit) {
  std::string text;
  const std::size_t shown = std::min(limit, names.size());
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + shown_name(names[i]);
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

std::string listing(const std::vector<std::int64_t>& numbers) {
  constexpr std::size_t limit = 8;
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers.size() > limit && i + 1 == limit) {
      return fmt::format("{}, ..., {}", text, numbers.back());
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

}  // namespace snnl::text
