#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace snnl::dump {

/// Epochs to read: comma-separated numbers "7" and half-open ranges "first:last:step", each part optional. A range
/// without `first` begins at the smallest epoch there is; `step` counts from the beginning and is at least 1. "last" is
/// the largest epoch there is; where no epoch is negative, -1 is that as well, -2 the one before, and so on.
class EpochSelection {
 public:
  /// Empty text selects all. Throws snnl::Error when `text` is malformed.
  explicit EpochSelection(const std::string& text);

  /// The selected ones of `epochs` (ascending, distinct; not empty), ascending. Throws snnl::Error when there are none,
  /// and when a number asked for by itself is not among them.
  std::vector<std::int64_t> select(const std::vector<std::int64_t>& epochs) const;

 private:
  struct Range {
    bool single = false;   // `first` alone, no colon
    bool is_last = false;  // "last"
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
    std::int64_t step = 1;

    bool contains(std::int64_t epoch, std::int64_t smallest) const;
    /// The same of these epochs, with numbers that count from the end told.
    Range among(const std::vector<std::int64_t>& epochs) const;
  };
  static Range parse(const std::string& text, const std::string& part);

  std::string text_;
  std::vector<Range> ranges_;
};

}  // namespace snnl::dump
