#include "snnl/analysis/measures.hpp"

namespace snnl::analysis {

const std::vector<Measure>& measures() {
  using Range = Measure::Range;
  static const std::vector<Measure> all = {
      {"entanglement", &Entanglement::value, Range::not_negative},
      {"entanglement_stderr", &Entanglement::standard_error, Range::not_negative},
      {"chance", &Entanglement::chance, Range::not_negative},
      {"normalized", &Entanglement::normalized, Range::may_be_null},
      {"effective_neighbors", &Entanglement::effective_neighbors, Range::any},
  };
  return all;
}

}  // namespace snnl::analysis
