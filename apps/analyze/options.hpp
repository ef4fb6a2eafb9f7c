#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/text/csv.hpp"

namespace analyze {

inline constexpr const char* tool_name = "snnl-analyze";

struct Options {
  std::vector<std::string> dumps;
  snnl::AnalysisOptions analysis;
  std::string temperature = "auto";
  std::string json, csv, similarity_csv, per_sample, report;
  snnl::text::CsvText csv_text = snnl::text::CsvText::exact;
  std::uint64_t memory = 0;
  bool resume = false;
  bool follow = false;
  double idle_timeout = 0;                  ///< seconds; 0: none
  std::optional<std::int64_t> until_epoch;  ///< of --follow
  bool details = false;
  bool quiet = false;

  /// Whether one of the outputs is stdout.
  bool to_stdout() const;
};

void declare(CLI::App& app, Options& o);

/// Checks and completes what can be before any data is opened. Throws snnl::Error naming the option.
void validate(Options& o);

/// How the dumps are read.
snnl::dump::Options input_options(const Options& o);

}  // namespace analyze
