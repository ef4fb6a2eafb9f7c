#include "snnl/dump/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "snnl/error.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

constexpr const char* option = "--epochs";

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else if (c != ' ') {
      parts.back() += c;
    }
  }
  return parts;
}

[[noreturn]] void malformed(const std::string& text, const std::string& why) {
  throw Error(option, fmt::format("'{}' is not a selection of epochs: {}", text, why),
              "give numbers, 'last', and half-open ranges first:last:step, as in '0,10:50:5'");
}

std::int64_t parse_number(const std::string& text, const std::string& number) {
  std::int64_t value = 0;
  const char* end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, value);
  if (error == std::errc::result_out_of_range) malformed(text, fmt::format("'{}' is too large", number));
  if (error != std::errc() || rest != end) malformed(text, fmt::format("'{}' is not a whole number", number));
  return value;
}

}  // namespace

EpochSelection::EpochSelection(const std::string& text) : text_(text) {
  if (text.empty()) return;
  for (const std::string& part : split(text, ',')) ranges_.push_back(parse(text, part));
}

EpochSelection::Range EpochSelection::parse(const std::string& text, const std::string& part) {
  if (part.empty()) malformed(text, "a part of it is empty");
  const std::vector<std::string> fields = split(part, ':');
  if (fields.size() > 3) malformed(text, fmt::format("'{}' has more than two colons", part));
  Range range;
  range.single = fields.size() == 1;
  range.is_last = part == "last";
  if (range.is_last) return range;
  if (!fields[0].empty()) range.first = parse_number(text, fields[0]);
  if (fields.size() > 1 && !fields[1].empty()) range.last = parse_number(text, fields[1]);
  if (fields.size() > 2 && !fields[2].empty()) range.step = parse_number(text, fields[2]);
  if (range.step < 1) malformed(text, fmt::format("the step of '{}' is below 1", part));
  // Numbers from the end are told apart once the epochs are known.
  const bool from_end = range.first.value_or(0) < 0 || range.last.value_or(0) < 0;
  if (!from_end && range.first && range.last && *range.first >= *range.last) {
    malformed(text, fmt::format("'{}' is an empty range, as its end is left out", part));
  }
  return range;
}

bool EpochSelection::Range::contains(std::int64_t epoch, std::int64_t smallest) const {
  if (single) return epoch == *first;
  const std::int64_t begin = first.value_or(smallest);
  if (epoch < begin || (last && epoch >= *last)) return false;
  // Unsigned: the difference of two int64 may not fit one.
  const std::uint64_t offset = static_cast<std::uint64_t>(epoch) - static_cast<std::uint64_t>(begin);
  return offset % static_cast<std::uint64_t>(step) == 0;
}

EpochSelection::Range EpochSelection::Range::among(const std::vector<std::int64_t>& epochs) const {
  Range out = *this;
  if (is_last) out.first = epochs.back();
  if (epochs.front() < 0) return out;
  const auto count = static_cast<std::int64_t>(epochs.size());
  for (std::optional<std::int64_t>* end : {&out.first, &out.last}) {
    if (!*end || **end >= 0) continue;
    if (single && **end < -count) continue;  // there is no such epoch
    *end = epochs[static_cast<std::size_t>(std::max<std::int64_t>(count + std::max(**end, -count), 0))];
  }
  return out;
}

std::vector<std::int64_t> EpochSelection::select(const std::vector<std::int64_t>& epochs) const {
  if (ranges_.empty()) return epochs;
  std::vector<Range> ranges;
  for (const Range& range : ranges_) ranges.push_back(range.among(epochs));
  for (const Range& range : ranges) {
    if (range.single && !std::binary_search(epochs.begin(), epochs.end(), *range.first)) {
      throw Error(option, "there is no epoch " + std::to_string(*range.first),
                  std::string("there are ") + text::listing(epochs));
    }
  }
  std::vector<std::int64_t> selected;
  for (const std::int64_t epoch : epochs) {
    const auto wanted = [&](const Range& range) { return range.contains(epoch, epochs.front()); };
    if (std::any_of(ranges.begin(), ranges.end(), wanted)) selected.push_back(epoch);
  }
  if (selected.empty()) {
    throw Error(option, fmt::format("'{}' selects no epoch", text_), std::string("there are ") + text::listing(epochs));
  }
  return selected;
}

}  // namespace snnl::dump
