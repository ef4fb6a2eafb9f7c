#pragma once

#include <string>

#include "train/metrics.hpp"

namespace train {

/// The table on stdout, a line as each epoch ends.
class EpochTable {
 public:
  /// `entangled`: whether layers have a term in the loss.
  EpochTable(bool wanted, bool entangled) : wanted_(wanted), entangled_(entangled) {}
  void header() const;
  /// Throws snnl::Error where stdout cannot be written.
  void row(const EpochMetrics& m, const std::string& time) const;

 private:
  bool wanted_, entangled_;
};

}  // namespace train
