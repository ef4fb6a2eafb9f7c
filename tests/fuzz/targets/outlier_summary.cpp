#include "report/outlier_summary.hpp"

#include "fuzz/targets.hpp"
#include "snnl/error.hpp"

namespace fuzz {

void outlier_summary(std::string_view bytes) {
  const MemoryFile file(bytes);
  try {
    const snnl::report::OutlierSummary summary = snnl::report::read_outlier_summary(file.path());
    for (const auto& histogram : summary.histograms) {
      for (const auto& [score, counts] : histogram.counts) {
        for (const std::size_t count : counts) require(count <= histogram.samples, "a bin holds more than there are");
      }
    }
  } catch (const snnl::Error&) {
  }
}

}  // namespace fuzz
