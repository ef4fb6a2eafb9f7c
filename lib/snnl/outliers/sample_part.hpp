#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace snnl::outliers {

/// Samples of a dump: all of them, those of a range of rows, or those of one class of a label set.
struct SamplePart {
  std::string text;  ///< as given, for messages
  std::string file;
  std::optional<std::size_t> first, last;  ///< rows [first, last)
  std::string label_set, label;            ///< rows whose label in that set has this name
};

/// "run.h5", "run.h5@0:5000", "run.h5@5000:", "run.h5@split=train". A file of the whole name, if there is one, is meant
/// by it. Throws snnl::Error (with `option`) where what follows the last '@' is none of these.
SamplePart parse_sample_part(const std::string& text, const std::string& option);

}  // namespace snnl::outliers
