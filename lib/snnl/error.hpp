#pragma once

#include <stdexcept>
#include <string>

namespace snnl {

/// Wrong input, told in one line: "where: what is wrong; what to do".
/// `where` names the file and dataset ("run.h5:/epochs/0003/conv1"), an option, or is empty.
class Error : public std::runtime_error {
 public:
  /// Without a place.
  explicit Error(const std::string& what) : std::runtime_error(what) {}
  /// The text is "where: what".
  Error(const std::string& where, const std::string& what)
      : std::runtime_error(where.empty() ? what : where + ": " + what), where_(where) {}

  /// The place as it was given; empty where there was none.
  const std::string& where() const { return where_; }

 private:
  std::string where_;
};

}  // namespace snnl
