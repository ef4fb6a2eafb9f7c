#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "snnl/files/output_file.hpp"

namespace tool {

/// An output that may have been asked for: a file that appears at the end, or stdout ("-").
class Output {
 public:
  /// Empty: not asked for. Creates the temporary file. Throws snnl::Error when it cannot be written there.
  explicit Output(const std::string& path);
  explicit operator bool() const { return asked_; }
  std::ostream& stream();
  /// Null where it was not asked for, or is stdout.
  const snnl::files::OutputFile* file() const { return file_.get(); }
  void commit();

 private:
  bool asked_ = false;
  std::unique_ptr<snnl::files::OutputFile> file_;
};

/// Throws snnl::Error where what was printed could not be written.
void finish_stdout();

/// Throws snnl::Error, naming the option, where two outputs are one file or one is also an input; stdout is an output
/// as well, whatever is written to it. `outputs`: option and path, which is empty where it was not given and "-" for
/// stdout.
void check_outputs(const std::vector<std::pair<std::string, std::string>>& outputs,
                   const std::vector<std::string>& inputs);

}  // namespace tool
