#include "snnl/outliers/sample_part.hpp"

#include <fmt/format.h>

#include <charconv>

#include "snnl/error.hpp"
#include "snnl/files/file_exists.hpp"

namespace snnl::outliers {
namespace {

/// A number of rows; nothing for an empty text.
std::optional<std::size_t> parse_row(const std::string& digits, const std::string& text, const std::string& option) {
  if (digits.empty()) return std::nullopt;
  std::size_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc() && stop == end) return value;
  throw Error(option, fmt::format("'{}': '{}' is no row", text, digits), "ranges are FILE@FIRST:LAST, LAST left out");
}

}  // namespace

SamplePart parse_sample_part(const std::string& text, const std::string& option) {
  SamplePart part;
  part.text = part.file = text;
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || files::file_exists(text)) return part;
  part.file = text.substr(0, at);
  const std::string which = text.substr(at + 1);
  if (const std::size_t equals = which.find('='); equals != std::string::npos) {
    part.label_set = which.substr(0, equals);
    part.label = which.substr(equals + 1);
    if (!part.label_set.empty() && !part.label.empty()) return part;
  } else if (const std::size_t colon = which.find(':'); colon != std::string::npos) {
    part.first = parse_row(which.substr(0, colon), text, option);
    part.last = parse_row(which.substr(colon + 1), text, option);
    if (!part.first || !part.last || *part.first < *part.last) return part;
    throw Error(option, fmt::format("'{}': the range is empty", text));
  }
  throw Error(option, fmt::format("'{}': a part of a file is FILE@FIRST:LAST or FILE@LABEL_SET=CLASS", text));
}

}  // namespace snnl::outliers
