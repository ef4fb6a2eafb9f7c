#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/comparison.hpp"
#include "check/spread.hpp"

namespace snnl::check {

/// Compares the metrics of two items by the rules.
class ItemComparer {
 public:
  /// Keeps what it is given, which must outlive it. `spreads`: of each layer's entanglement, where there are several
  /// baselines.
  ItemComparer(const Rules& rules, const std::vector<ClassCount>& classes, const std::map<std::string, Spread>& spreads)
      : rules_(rules), classes_(classes), spreads_(spreads) {}

  /// The worst value of a metric, nothing where it is not compared.
  std::optional<Comparison> compare(const AnalysedItem& current, const AnalysedItem& baseline,
                                    const std::string& metric) const;

 private:
  void set_limit(const Tolerance* tolerance, Comparison& one) const;
  Worse worse_of(const std::string& metric) const;

  const Rules& rules_;
  const std::vector<ClassCount>& classes_;
  const std::map<std::string, Spread>& spreads_;
};

/// For the order of comparisons: errors, failures, then the rest, each by the share of its limit that was used; skipped
/// last.
bool is_worse(const Comparison& a, const Comparison& b);

}  // namespace snnl::check
