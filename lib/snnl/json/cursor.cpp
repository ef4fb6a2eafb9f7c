#include "snnl/json/cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/files/file_bytes.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/printable.hpp"

namespace snnl::json {
namespace {

std::string kind_of(const nlohmann::json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  if (value.is_string()) return "text";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  return value.dump();
}

// RFC 6901, section 3
std::string escaped(const std::string& key) {
  std::string out;
  for (const char c : key) out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

// What the parser says, without its own name and its own count of lines.
std::string reason_of(const nlohmann::json::parse_error& error) {
  const std::string what = error.what();
  const std::size_t colon = what.find(": ");
  return colon == std::string::npos ? what : what.substr(colon + 2);
}

}  // namespace

Cursor Cursor::step(const std::string& token, const nlohmann::json& value) const {
  Cursor next(*file_, value);
  next.pointer_ = fmt::format("{}/{}", pointer_, escaped(token));
  return next;
}

void Cursor::expected(const std::string& what) const {
  fail(fmt::format("is {}, expected {}", kind_of(*value_), what));
}

std::optional<Cursor> Cursor::find(const std::string& key) const {
  if (!value_->is_object()) expected("an object");
  const auto found = value_->find(key);
  if (found == value_->end()) return std::nullopt;
  return step(key, *found);
}

Cursor Cursor::at(const std::string& key) const {
  const auto found = find(key);
  if (!found) fail(fmt::format("has no field '{}'", key));
  return *found;
}

std::vector<std::string> Cursor::keys() const {
  if (!value_->is_object()) expected("an object");
  std::vector<std::string> keys;
  for (const auto& [key, value] : value_->items()) keys.push_back(key);
  return keys;
}

std::vector<Cursor> Cursor::elements() const {
  if (!value_->is_array()) expected("an array");
  std::vector<Cursor> out;
  out.reserve(value_->size());
  for (std::size_t k = 0; k < value_->size(); ++k) out.push_back(step(std::to_string(k), (*value_)[k]));
  return out;
}

bool Cursor::flag() const {
  if (!value_->is_boolean()) expected("true or false");
  return value_->get<bool>();
}

std::string Cursor::text() const {
  if (!value_->is_string()) expected("text");
  return value_->get<std::string>();
}

std::string Cursor::text_or_empty() const { return is_null() ? std::string() : text(); }

bool Cursor::boolean() const {
  if (!value_->is_boolean()) expected("true or false");
  return value_->get<bool>();
}

std::int64_t Cursor::integer() const {
  // Unsigned is how the parser keeps what is not negative: what is too large would turn negative.
  if (!value_->is_number_integer() ||
      (value_->is_number_unsigned() && value_->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())) {
    expected("a whole number");
  }
  return value_->get<std::int64_t>();
}

std::size_t Cursor::count() const {
  if (!value_->is_number_unsigned()) expected("a whole number >= 0");
  return value_->get<std::size_t>();
}

double Cursor::number() const {
  if (!value_->is_number()) expected("a number");
  return value_->get<double>();
}

double Cursor::number_or_nan() const { return is_null() ? std::numeric_limits<double>::quiet_NaN() : number(); }

std::vector<double> Cursor::numbers_or_nan() const {
  if (!value_->is_array()) expected("an array");
  std::vector<double> out;
  out.reserve(value_->size());
  for (const nlohmann::json& element : *value_) {
    if (!element.is_null() && !element.is_number()) step(std::to_string(out.size()), element).expected("a number");
    out.push_back(element.is_null() ? std::numeric_limits<double>::quiet_NaN() : element.get<double>());
  }
  return out;
}

std::size_t Cursor::one_of(const std::vector<std::string>& names) const {
  const std::string wanted = text();
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string listing;
  for (const std::string& name : names) listing.append(listing.empty() ? "" : ", ").append(name);
  fail(fmt::format("is '{}', expected one of {}{}", text::printable(wanted), listing,
                   text::did_you_mean(wanted, names)));
}

nlohmann::json read_file(const std::string& file) {
  const std::string bytes = files::read_file_bytes(file);
  if (bytes.empty()) throw Error(file, "is empty");
  if (bytes.compare(0, 4, "\x89HDF") == 0) throw Error(file, "is an HDF5 file, expected JSON");
  // The parser takes it for the end, and passes over all that follows.
  if (const std::size_t zero = bytes.find('\0'); zero != std::string::npos) {
    const auto line = std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(zero), '\n') + 1;
    throw Error(fmt::format("{}:{}", file, line), "is not JSON: it holds a zero byte",
                "it was damaged, write it again");
  }
  try {
    return nlohmann::json::parse(bytes);
  } catch (const nlohmann::json::parse_error& error) {
    // `byte` counts from 1 and may be one past the end.
    const std::size_t end = std::min(error.byte, bytes.size());
    if (error.byte > bytes.size()) throw Error(file, "ends in the middle: it was cut off, or not written to its end");
    const auto line = std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end - (end > 0)), '\n') + 1;
    throw Error(fmt::format("{}:{}", file, line), "is not JSON: " + reason_of(error));
  } catch (const nlohmann::json::exception& error) {  // a number beyond double
    const std::string what = error.what();
    throw Error(file, "is not JSON: " + what.substr(what.find("] ") == std::string::npos ? 0 : what.find("] ") + 2));
  }
}

}  // namespace snnl::json
