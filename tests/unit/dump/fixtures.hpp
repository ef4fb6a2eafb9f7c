#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"

// What tests/make_dumps.py wrote, and what its formulas say.
namespace dump_fixtures {

inline constexpr std::size_t samples = 12;
inline constexpr std::size_t features = 5;

inline std::string path(const std::string& name) { return std::string(SNNL_TEST_DUMPS) + "/" + name + ".h5"; }

/// The message of the snnl::Error that `action` throws, without the folder of the files; empty if it throws none.
inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const snnl::Error& error) {
    std::string text = error.what();
    const std::string folder = std::string(SNNL_TEST_DUMPS) + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }
  return "";
}

inline snnl::dump::Reader open(const std::string& name, const snnl::dump::Options& options = {}) {
  return snnl::dump::Reader({path(name)}, options);
}

inline snnl::dump::Options with_layout(const std::string& layout, const std::string& labels = "") {
  snnl::dump::Options options;
  options.layout = layout;
  options.labels = labels;
  return options;
}

inline snnl::dump::Options with_labels(const std::string& labels) { return with_layout("", labels); }

inline std::string open_error(const std::string& name, const snnl::dump::Options& options = {}) {
  return message_of([&] { open(name, options); });
}

/// "0/conv2 0/fc 1/conv2", the items in order.
inline std::string names(const snnl::dump::Reader& reader) {
  std::string text;
  for (const auto& item : reader.items()) {
    if (!text.empty()) text += ' ';
    text += std::to_string(item.epoch) + '/' + item.layer;
  }
  return text;
}

inline std::string class_names(const snnl::dump::Reader& reader) {
  std::string text;
  for (const auto& c : reader.classes()) text += (text.empty() ? "" : " ") + c.name + ":" + std::to_string(c.count);
  return text;
}

inline const snnl::dump::Item& item(const snnl::dump::Reader& reader, const std::string& layer,
                                    std::int64_t epoch = 0) {
  for (const auto& one : reader.items()) {
    if (one.layer == layer && one.epoch == epoch) return one;
  }
  throw snnl::Error("no such item: " + layer);
}

inline std::string read_error(const snnl::dump::Reader& reader, const std::string& layer) {
  return message_of([&] { reader.read(item(reader, layer)); });
}

inline double value(const snnl::dump::Activations& activations, std::size_t row, std::size_t column) {
  return std::visit([&](const auto& values) { return static_cast<double>(values(row, column)); }, activations.values);
}

inline std::size_t columns(const snnl::dump::Activations& activations) {
  return std::visit([](const auto& values) { return values.shape(1); }, activations.values);
}

/// Checks the whole item against 100 * row + column + 1000 * epoch.
inline void check_values(const snnl::dump::Activations& activations, std::int64_t epoch, std::size_t width = features) {
  REQUIRE(columns(activations) == width);
  REQUIRE(activations.labels.size() == activations.rows.size());
  bool right = true;
  for (std::size_t i = 0; i < activations.rows.size(); ++i) {
    for (std::size_t j = 0; j < width; ++j) {
      const double expected = 100.0 * static_cast<double>(activations.rows[i]) + static_cast<double>(j) +
                              1000.0 * static_cast<double>(epoch);
      right = right && value(activations, i, j) == expected;
    }
  }
  CHECK(right);
}

}  // namespace dump_fixtures
