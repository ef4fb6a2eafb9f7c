#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace snnl::json {

/// JSON has no NaN and no infinity: null stands for them.
inline nlohmann::ordered_json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
}

/// null stands for a text that is not there.
inline nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

/// null stands for nothing.
template <class Value>
nlohmann::ordered_json value_or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

/// Appends what nlohmann::json makes of a number, without making a value of each: as few digits as read back the same
/// double, null for what is not finite.
inline void append_number(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  char digits[64];  // its own serializer has as many
  text.append(digits, nlohmann::detail::to_chars(digits, digits + sizeof digits, value));
}

}  // namespace snnl::json
