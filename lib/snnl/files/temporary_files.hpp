#pragma once

#include <string>

namespace snnl::files {

/// A file, which need not exist yet, that is removed with this, and when a signal ends the process before. A signal
/// does not remove a file with a name of 4 KiB and more, nor the 65th of such files at a time.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  /// The file is not there, or is no longer temporary: it is not removed.
  void release();

 private:
  std::string path_;
  int slot_ = -1;
};

/// Removes those that there are. May be called by a signal handler.
void remove_temporary_files() noexcept;

}  // namespace snnl::files
