#include "common/output.hpp"

#include <iostream>

#include "snnl/error.hpp"
#include "snnl/files/output_target.hpp"

namespace tool {

Output::Output(const std::string& path) : asked_(!path.empty()) {
  if (asked_ && path != "-") file_ = std::make_unique<snnl::OutputFile>(path);
}

std::ostream& Output::stream() { return file_ ? file_->stream() : std::cout; }

void Output::commit() {
  if (file_) file_->commit();
}

void finish_stdout() {
  std::cout.flush();
  if (!std::cout) throw snnl::Error("stdout", "could not be written");
}

void check_outputs(const std::vector<std::pair<std::string, std::string>>& outputs,
                   const std::vector<std::string>& inputs) {
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const auto& [option, path] = outputs[k];
    if (path.empty()) continue;
    for (std::size_t other = 0; other < k; ++other) {
      if (!outputs[other].second.empty() && snnl::same_file(path, outputs[other].second)) {
        throw snnl::Error(option, "'" + path + "' is also the output of " + outputs[other].first);
      }
    }
    for (const std::string& input : inputs) {
      if (snnl::same_file(path, input))
        throw snnl::Error(option, "'" + path + "' is an input; it would be overwritten");
    }
  }
}

}  // namespace tool
