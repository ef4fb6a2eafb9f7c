#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "snnl/error.hpp"

namespace snnl::json {

/// A place in a JSON file. What is read there is what it should be, or snnl::Error says "FILE:/items/3/layer: is a
/// number, expected text". Refers to the document, which must outlive it.
class Cursor {
 public:
  /// The top of a document that was read from `file`.
  Cursor(const std::string& file, const nlohmann::json& document) : file_(&file), value_(&document) {}

  /// "FILE:/items/3/layer", the path as in RFC 6901
  std::string place() const { return fmt::format("{}:{}", *file_, pointer_.empty() ? "/" : pointer_); }
  [[noreturn]] void fail(const std::string& what) const { throw Error(place(), what); }

  bool is_null() const { return value_->is_null(); }
  bool is_text() const { return value_->is_string(); }
  bool is_array() const { return value_->is_array(); }
  std::size_t size() const { return value_->size(); }

  /// The field of an object; an error where it is missing.
  Cursor at(const std::string& key) const;
  /// The field of an object, or nothing.
  std::optional<Cursor> find(const std::string& key) const;
  /// All fields of an object, by name.
  std::vector<std::string> keys() const;
  /// The elements of an array.
  std::vector<Cursor> elements() const;

  bool flag() const;  ///< true or false
  std::string text() const;
  std::string text_or_empty() const;  ///< null is empty
  std::int64_t integer() const;
  bool boolean() const;
  std::size_t count() const;  ///< an integer >= 0
  double number() const;      ///< finite
  double number_or_nan() const;
  std::vector<double> numbers_or_nan() const;
  /// The position of the text among `names`.
  std::size_t one_of(const std::vector<std::string>& names) const;

 private:
  Cursor step(const std::string& token, const nlohmann::json& value) const;
  [[noreturn]] void expected(const std::string& what) const;

  const std::string* file_;
  const nlohmann::json* value_;
  std::string pointer_;
};

/// Reads a whole JSON file. Throws snnl::Error where it is no file, cannot be read or is not JSON, with line and
/// column.
nlohmann::json read_file(const std::string& file);

}  // namespace snnl::json
