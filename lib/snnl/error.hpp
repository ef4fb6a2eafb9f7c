#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace snnl {

/// Wrong input: where it is, what is wrong, and what to do. what() tells it in one line, "where: message; advice".
class Error : public std::runtime_error {
 public:
  /// Without a place.
  explicit Error(const std::string& message) : Error("", message) {}
  /// `where` names the file and dataset ("run.h5:/epochs/0003/conv1"), an option, or is empty, as `advice` may be.
  Error(std::string where, std::string message, std::string advice = "")
      : std::runtime_error(text_of(where, message, advice)),
        where_(std::move(where)),
        message_(std::move(message)),
        advice_(std::move(advice)) {}

  /// The place as it was given; empty where there was none.
  const std::string& where() const { return where_; }
  /// What is wrong there.
  const std::string& message() const { return message_; }
  /// What to do; empty where nothing is said.
  const std::string& advice() const { return advice_; }
  /// The same of a place, where it had none.
  Error at(const std::string& place) const { return {where_.empty() ? place : where_, message_, advice_}; }

 private:
  static std::string text_of(const std::string& where, const std::string& message, const std::string& advice) {
    std::string text = where.empty() ? message : where + ": " + message;
    if (!advice.empty()) text += "; " + advice;
    return text;
  }

  std::string where_, message_, advice_;
};

}  // namespace snnl
