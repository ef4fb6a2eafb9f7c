#pragma once

#include <string>

namespace snnl {

/// Remembers, while it lives, a file to be removed when a signal ends the process. A name of 4 KiB and more, and the
/// 65th of such files at a time, are not remembered.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

 private:
  int slot_ = -1;
};

/// Removes those that are remembered. May be called by a signal handler.
void remove_temporary_files() noexcept;

}  // namespace snnl
