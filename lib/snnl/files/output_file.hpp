#pragma once

#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>

#include "snnl/files/temporary_files.hpp"

namespace snnl {

/// A file that appears whole or not at all: written under a temporary name beside `path`, renamed by `commit`,
/// removed otherwise, also when a signal ends the process (remove_temporary_files). What was at `path` stays until
/// then. A link is followed; a device or pipe is written directly.
class OutputFile {
 public:
  /// Creates the temporary file. Throws snnl::Error when it cannot be written there.
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& path() const { return path_; }
  /// For writers that open the file themselves.
  const std::string& temporary_path() const { return temporary_; }
  std::ostream& stream() { return stream_; }

  /// Gives the file its name. Throws snnl::Error when something could not be written (a full disk).
  void commit();

 private:
  std::string path_, target_, temporary_;
  std::ofstream stream_;
  std::optional<TemporaryFile> remembered_;
  bool committed_ = false;
};

}  // namespace snnl
