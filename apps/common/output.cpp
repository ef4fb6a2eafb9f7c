#include "common/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "snnl/error.hpp"
#include "snnl/files/output_target.hpp"

namespace tool {

Output::Output(const std::string& path) : asked_(!path.empty()) {
  if (asked_ && path != "-") file_ = std::make_unique<snnl::files::OutputFile>(path);
}

std::ostream& Output::stream() { return file_ ? file_->stream() : std::cout; }

void Output::commit() {
  if (file_) file_->commit();
}

void finish_stdout() {
  std::cout.flush();
  if (!std::cout) throw snnl::Error("stdout", "could not be written");
}

namespace {

/// Whether it is written to stdout, by whatever name.
bool goes_to_stdout(const std::string& path) {
  if (path == "-") return true;
  try {
    return snnl::files::find_target(path).descriptor == STDOUT_FILENO;
  } catch (const std::exception&) {  // told when it is opened
    return false;
  }
}

void check_stdout(const std::vector<std::pair<std::string, std::string>>& outputs,
                  const std::vector<std::string>& inputs) {
  std::string taken_by;
  for (const auto& [option, path] : outputs) {
    if (path.empty()) continue;
    if (goes_to_stdout(path)) {
      if (!taken_by.empty()) throw snnl::Error(option, fmt::format("'{}' is also the output of {}", path, taken_by));
      taken_by = option;
    } else if (snnl::files::is_open_as(path, STDOUT_FILENO)) {
      throw snnl::Error(option, fmt::format("'{}' is the file that stdout goes to", path));
    }
  }
  for (const std::string& input : inputs) {
    if (snnl::files::is_open_as(input, STDOUT_FILENO)) {
      throw snnl::Error("stdout", fmt::format("goes to '{}', which is an input", input), "it would be overwritten");
    }
  }
}

}  // namespace

void check_outputs(const std::vector<std::pair<std::string, std::string>>& outputs,
                   const std::vector<std::string>& inputs) {
  check_stdout(outputs, inputs);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const auto& [option, path] = outputs[k];
    if (path.empty()) continue;
    for (std::size_t other = 0; other < k; ++other) {
      if (!outputs[other].second.empty() && snnl::files::same_file(path, outputs[other].second)) {
        throw snnl::Error(option, fmt::format("'{}' is also the output of {}", path, outputs[other].first));
      }
    }
    for (const std::string& input : inputs) {
      if (snnl::files::same_file(path, input))
        throw snnl::Error(option, fmt::format("'{}' is an input", path), "it would be overwritten");
    }
  }
}

}  // namespace tool
