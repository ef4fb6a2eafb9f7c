#pragma once

#include <string>
#include <vector>

#include "snnl/analysis.hpp"

namespace analyze {

/// Tells on stderr why items have no result: each reason at once, with the first item that it is told of, and the
/// others at the end, in one line.
class ItemErrors {
 public:
  /// `location` is that of the item, which its message begins with.
  void tell(const std::string& location, const std::string& message);
  /// Tells of the items that there was nothing new to say about. To be called once.
  void finish() const;
  bool any() const { return !reasons_.empty(); }

 private:
  struct Reason {
    std::string text, first;
    std::vector<std::string> others;
  };
  std::vector<Reason> reasons_;
};

}  // namespace analyze
