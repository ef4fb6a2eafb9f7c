#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snnl::dump {

/// Epochs to read: comma-separated numbers "7" and half-open ranges "first:last:step", each part optional. A range
/// without `first` begins at the smallest epoch there is; `step` counts from the beginning and is at least 1.
class EpochSelection {
 public:
  /// Empty text selects all. Throws snnl::Error when `text` is malformed.
  explicit EpochSelection(const std::string& text);

  /// The selected ones of `epochs` (ascending, distinct; not empty), ascending. Throws snnl::Error when there are none,
  /// and when a number asked for by itself is not among them.
  std::vector<std::int64_t> select(const std::vector<std::int64_t>& epochs) const;

 private:
  struct Range {
    bool single = false;  // `first` alone, no colon
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
    std::int64_t step = 1;

    bool contains(std::int64_t epoch, std::int64_t smallest) const;
  };
  static Range parse(const std::string& text, const std::string& part);

  std::string text_;
  std::vector<Range> ranges_;
};

}  // namespace snnl::dump
