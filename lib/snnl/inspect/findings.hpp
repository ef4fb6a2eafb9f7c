#pragma once

#include <set>
#include <string>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/inspect/inspection.hpp"

namespace snnl::inspect {

/// Collects findings, each once.
class Findings {
 public:
  /// `files` are the names that places of errors begin with.
  explicit Findings(const std::vector<std::string>& files) : files_(files) {}

  /// Takes an error of the library apart: "file:/path: what is wrong; what to do". `advice` is for those that give
  /// none.
  void add(const Error& error, Severity severity = Severity::error, const std::string& advice = "");
  void add(const Finding& finding);

  /// Errors first, else in the order in which they were found.
  std::vector<Finding> sorted() const;
  bool any(Severity severity) const;

 private:
  std::vector<std::string> files_;
  std::vector<Finding> findings_;
  std::set<std::string> known_;
};

}  // namespace snnl::inspect
