#include "report/sample_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "snnl/text/printable.hpp"

namespace snnl::report {
namespace {

std::string note_of(const Analysis& analysis) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    fewest = std::min(fewest, item.result->samples);
    most = std::max(most, item.result->samples);
  }
  const std::string n = fewest == most ? fmt::format("n = {}", most) : fmt::format("n = {} to {}", fewest, most);
  const std::size_t classes = analysis.classes.size(), size = analysis.options.entanglement.neighborhood;
  const std::string samples = fmt::format("{} samples of {} {}", n, classes, classes == 1 ? "class" : "classes");
  if (size == 0) return samples + ", and n is part of them: with more samples the entanglement is lower";
  return fmt::format(
      "neighbourhoods of {} samples (--neighborhood {}) out of {}, and the size of the neighbourhoods is part of them",
      size, size, samples);
}

}  // namespace

std::vector<std::string> sample_notes(const std::vector<Run>& runs) {
  std::vector<std::string> notes;
  for (const Run& run : runs) notes.push_back(note_of(run.analysis));
  const bool alike = std::all_of(notes.begin(), notes.end(), [&](const std::string& one) { return one == notes[0]; });
  if (alike) return {fmt::format("Numbers are of {}.", notes[0])};
  for (std::size_t k = 0; k < runs.size(); ++k) {
    notes[k] = fmt::format("Numbers of {} are of {}.", text::printable(runs[k].name), notes[k]);
  }
  return notes;
}

}  // namespace snnl::report
