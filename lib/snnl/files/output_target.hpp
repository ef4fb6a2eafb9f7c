#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace snnl::files {

/// Where the bytes of an output go.
struct OutputTarget {
  /// The path with the links at its end followed, of which the last may lead to nothing yet.
  std::string file;
  /// What is there; empty: nothing.
  std::optional<struct stat> status{};
  /// One of this process's own descriptors (/dev/stdout, /dev/fd/3), which is written instead of a file; -1: none.
  int descriptor = -1;

  bool is_regular() const { return status && S_ISREG(status->st_mode); }
  /// Whether there is, or would be, a file that can be replaced: no device, no pipe, no descriptor.
  bool is_replaceable() const { return descriptor < 0 && (!status || is_regular()); }
};

/// Throws snnl::Error naming `path` where its links go in a circle, or cannot be looked at.
OutputTarget find_target(const std::string& path);

/// Whether descriptor `number` of this process is open to the regular file that `path` names.
bool is_open_as(const std::string& path, int number);

/// Whether two paths name one file, which need not exist yet. False where that cannot be told.
bool same_file(const std::string& a, const std::string& b);

}  // namespace snnl::files
