#pragma once

#include <string>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/worker.hpp"

namespace snnl::isolation {

/// `is_layer`: whether it can be left out by --layers.
Culprit culprit_of(const Death& death, const std::string& file, const Place& place, bool is_layer);

/// "run.h5:/epochs/0003/conv1: is damaged: ...; leave it out with --layers or write it again"
Error error_of(const Culprit& culprit);

/// What has killed processes that read `files`, so that the next one leaves it alone.
class Culprits {
 public:
  explicit Culprits(std::vector<std::string> files) : files_(std::move(files)) {}

  /// Where it is told that leaving alone what the process was at does not help, or does not help soon, the whole file
  /// is left alone. Throws snnl::Error where there is nothing to leave alone.
  void add(const Death& death);
  const std::vector<Culprit>& all() const { return all_; }

 private:
  std::vector<std::string> files_;
  std::vector<Culprit> all_;
  std::vector<Culprit> slow_;
};

}  // namespace snnl::isolation
