#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// What is fuzzed: each takes any bytes, and returns, whatever they are. libFuzzer makes up inputs (CMake option
/// SNNL_BUILD_FUZZERS); replay.cpp runs the kept ones in the ordinary tests.
namespace fuzz {

void analysis(std::string_view bytes);         ///< snnl.analysis/1, read, written again, compared, tabled
void check_config(std::string_view bytes);     ///< snnl.check-config/1
void chunk_filters(std::string_view bytes);    ///< gzip, shuffle, fletcher32 of a chunk
void chunk_grid(std::string_view bytes);       ///< what a box and chunks have in common
void half(std::string_view bytes);             ///< float16 and bfloat16 to float
void idx(std::string_view bytes);              ///< IDX, plain and gzip
void layout_pattern(std::string_view bytes);   ///< --layout
void outlier_summary(std::string_view bytes);  ///< snnl.outliers/1
void selection(std::string_view bytes);        ///< epochs, globs, tolerances, parts of files, order of names
void text(std::string_view bytes);             ///< what is shown of names

struct Target {
  const char* name;
  void (*run)(std::string_view);
};

inline constexpr Target targets[] = {{"analysis", analysis},
                                     {"check_config", check_config},
                                     {"chunk_filters", chunk_filters},
                                     {"chunk_grid", chunk_grid},
                                     {"half", half},
                                     {"idx", idx},
                                     {"layout_pattern", layout_pattern},
                                     {"outlier_summary", outlier_summary},
                                     {"selection", selection},
                                     {"text", text}};

/// Fails as a crash does: for libFuzzer, and for a test.
inline void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

/// Takes numbers and texts off the front of bytes; zeros and nothing where they are used up.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return value;
  }
  /// In [0, below).
  std::size_t number(std::size_t below) { return (std::size_t{byte()} | std::size_t{byte()} << 8) % below; }
  /// Up to the next line end.
  std::string line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return out;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// A file in memory with these bytes, for what reads files.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace fuzz
