#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "snnl/error.hpp"

namespace tool {

/// Warnings on stderr. What is said of many datasets is said of the first, and then once of the rest.
class Warnings {
 public:
  explicit Warnings(std::string tool) : tool_(std::move(tool)) {}

  /// Prints it, unless its like was printed before; that is counted, each place once.
  void tell(const snnl::Error& warning);
  /// Prints what is no warning, once.
  void note(const std::string& text);
  /// Prints how many more places there were.
  void finish();

 private:
  struct Told {
    std::set<std::string> places;
    std::size_t since = 0;  // places that were not printed
    std::string last;
  };
  std::string tool_;
  std::set<std::string> noted_;
  std::map<std::string, Told> told_;  // by what is said
};

}  // namespace tool
