#pragma once

#include <exception>

namespace snnl {

/// What a computation ends with whose stop flag was set.
class Stopped : public std::exception {
 public:
  /// Says "stopped".
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace snnl
