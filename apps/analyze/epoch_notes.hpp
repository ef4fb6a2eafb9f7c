#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "snnl/analysis.hpp"

namespace analyze {

/// What is said of epochs as they come: a line for each, with the numbers of its layers.
class EpochNotes {
 public:
  /// "epoch 12: fc1 0.109, logits 0.126" of each epoch with numbers that were not told yet; of many, the last few and
  /// how many there are.
  std::vector<std::string> take(const snnl::Analysis& analysis);

 private:
  std::map<std::pair<std::int64_t, std::string>, double> told_;
};

/// Whether an epoch of at least `epoch` is there, with as many layers as any other has.
bool has_reached(const snnl::Analysis& analysis, std::int64_t epoch);

}  // namespace analyze
