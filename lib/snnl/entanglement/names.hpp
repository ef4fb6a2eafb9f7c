#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snnl/options.hpp"

namespace snnl::engine {

/// A value of an enumeration, and what it is called in files and options.
template <class Enum>
struct Named {
  Enum value;
  const char* name;
};

/// All values of an enumeration: Distance, Precision, TemperatureStatus, and those that later rooms have. Each has one
/// place that names it: name_of, options of the tools and JSON follow.
template <class Enum>
const std::vector<Named<Enum>>& all_named();

/// Their names.
template <class Enum>
std::vector<std::string> names_of() {
  std::vector<std::string> out;
  for (const Named<Enum>& one : all_named<Enum>()) out.emplace_back(one.name);
  return out;
}

/// The name of `value`.
template <class Enum>
const char* name_among(Enum value) {
  for (const Named<Enum>& one : all_named<Enum>()) {
    if (one.value == value) return one.name;
  }
  return "";
}

/// The value of that name; nothing where there is none.
template <class Enum>
std::optional<Enum> value_named(std::string_view name) {
  for (const Named<Enum>& one : all_named<Enum>()) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

}  // namespace snnl::engine
