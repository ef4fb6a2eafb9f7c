#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "snnl/dominance.hpp"
#include "snnl/inspect/inspection.hpp"

namespace snnl::inspect {

/// What came of an item's values.
struct Checked {
  std::string where;                                          ///< "file:/path"
  std::string error;                                          ///< what is wrong there; empty: they are sound
  std::string advice;                                         ///< what to do then
  dump::IntegerBits looks_like = dump::IntegerBits::numbers;  ///< dump::Activations::looks_like
  std::size_t features = 0;                                   ///< of values that are sound
  Dominance dominance;                                        ///< likewise; samples by their row of the dataset
};

struct InspectOptions {
  /// As of dump::Options. Empty: version 1, and where that does not fit, what is proposed.
  std::string layout;
  std::string labels;
  std::vector<std::string> ignored_labels;
  dump::IntegerBits integer_bits = dump::IntegerBits::numbers;
  /// Whether values are read. Without, NaN, damaged data and equal samples go unseen.
  bool data = true;
  /// Threads that decompress and look at values, 0 for one per processor.
  std::size_t threads = 0;
  /// Items whose values were looked at before, and are not again.
  std::vector<Checked> checked;
};

/// Called before each item is read, with the share of items done, in [0, 1], and the item's name.
using OnProgress = std::function<void(double fraction, const std::string& next)>;
/// Called after an item's values were looked at.
using OnChecked = std::function<void(const Checked& checked)>;

/// Looks at everything in `files`, which together are one dump; one item is in memory at a time. What is wrong is
/// listed, not thrown. Throws snnl::Error where an option is malformed, or `files` is empty.
Inspection inspect_dump(const std::vector<std::string>& files, const InspectOptions& options,
                        const OnProgress& on_progress = {}, const OnChecked& on_checked = {});

}  // namespace snnl::inspect
