#include "common/proposal.hpp"

#include <fmt/format.h>

#include "common/tool.hpp"
#include "snnl/inspect/inspect_dump.hpp"
#include "snnl/text/shell.hpp"
#include "snnl/text/wording.hpp"

namespace tool {
namespace {

bool is_open(const snnl::dump::Options& given) { return given.layout.empty() && given.labels.empty(); }

/// The file that the error is of.
std::string file_of(const snnl::Error& error, const std::vector<std::string>& files) {
  std::string best;
  std::size_t longest = 0;
  for (const std::string& file : files) {  // one file's name may begin with another's
    if (is_of(error, file) && file.size() >= longest) best = file, longest = file.size();
  }
  return best.empty() ? files.at(0) : best;
}

}  // namespace

bool is_of(const snnl::Error& error, const std::string& file) {
  const std::string place = snnl::text::location(file, "");
  return error.where() == place || error.where().starts_with(place + ":/");
}

snnl::Error refer_to_inspect(const snnl::Error& error, const std::vector<std::string>& files,
                             const snnl::dump::Options& given) {
  if (!is_open(given) || dynamic_cast<const snnl::dump::LayoutError*>(&error) == nullptr) return error;
  const std::string file = file_of(error, files);
  return {error.where(), error.message(),
          fmt::format("snnl-inspect {} tells", snnl::text::shell_quoted(file.starts_with('-') ? "./" + file : file))};
}

snnl::inspect::Proposal only_proposal(const std::string& tool, const snnl::isolation::Isolation& isolation,
                                      const std::vector<std::string>& files, const snnl::dump::Options& given,
                                      const snnl::dump::LayoutError& error) {
  if (!is_open(given)) throw error;
  snnl::inspect::InspectOptions options;
  options.ignored_labels = given.ignored_labels;
  options.integer_bits = given.integer_bits;
  options.threads = given.threads;
  options.data = false;
  const snnl::inspect::Inspection inspection = isolation.inspect(files, options);
  if (!inspection.proposal || !inspection.proposal->is_only()) throw refer_to_inspect(error, files, given);
  snnl::inspect::Proposal proposal = *inspection.proposal;
  if (!given.layers.empty()) proposal.layers = given.layers;
  const std::string more = files.size() > 1 ? fmt::format(" and {} more", files.size() - 1) : "";
  print_note(tool, fmt::format("read {}{} as: {} (as snnl-inspect proposes)", snnl::text::location(files[0], ""), more,
                               proposal.text()));
  return proposal;
}

}  // namespace tool
