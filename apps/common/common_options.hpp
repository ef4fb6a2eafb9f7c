#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/entanglement/names.hpp"
#include "snnl/features.hpp"
#include "snnl/options.hpp"
#include "snnl/pooling.hpp"
#include "snnl/text/csv.hpp"

namespace tool {

/// Options that several tools have, declared alike.

/// `option` FILE, an output file in the group "Output".
CLI::Option* add_output(CLI::App& app, const std::string& option, std::string& file, const std::string& what);

/// --csv-safe in the group "Output".
CLI::Option* add_csv_safe(CLI::App& app, snnl::text::CsvText& kind);

/// `option` NAME, one of the names of an enumeration; the default is what `value` holds, and added to `text`.
template <class Enum>
CLI::Option* add_named(CLI::App& app, const std::string& option, Enum& value, const std::string& text,
                       const std::string& group) {
  const auto set = [&value](const std::string& name) { value = snnl::engine::value_named<Enum>(name).value_or(value); };
  return app
      .add_option_function<std::string>(option, set, fmt::format("{} [{}]", text, snnl::engine::name_among(value)))
      ->check(CLI::IsMember(snnl::engine::names_of<Enum>()))
      ->option_text("NAME")
      ->group(group);
}

/// --distance NAME; the default is what `distance` holds.
CLI::Option* add_distance(CLI::App& app, snnl::Distance& distance, const std::string& group);

/// --bfloat16 and --float16-bits in the group "Input".
void add_integer_bits(CLI::App& app, snnl::dump::IntegerBits& bits);

/// --ignore-label L in the group "Input".
CLI::Option* add_ignored_labels(CLI::App& app, std::vector<std::string>& labels);
/// --pool, --channels-last and --tokens, how maps and tokens become features.
void add_pooling(CLI::App& app, snnl::dump::Pooling& pooling, const std::string& group);

/// --threads N, 0 for one per processor. `note` says what depends on their number.
/// --standardize and --whiten.
void add_features(CLI::App& app, snnl::FeatureOptions& features, const std::string& fitted_to,
                  const std::string& group);

CLI::Option* add_threads(CLI::App& app, std::size_t& threads, const std::string& group, const std::string& note);

}  // namespace tool
