#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "train/image_data.hpp"
#include "train/options.hpp"
#include "train/recorder.hpp"

namespace train {

inline constexpr const char* tool_name = "snnl-train";

/// What the command line says.
struct CommandLine {
  TrainingOptions training;
  DataOptions data;
  std::vector<std::string> layers{"*"};
  std::string temperature = "optimal";
  std::int64_t epochs = 10;
  double learning_rate = 0;
  std::string checkpoint;
  bool resume = false;
  RecorderOptions recorder;
  std::string dump_data, dump_epochs, dump_split = "test", dump_type = "float16";
  std::vector<std::string> dump_layers{"*"};
  std::size_t dump_samples = 1000;
  std::string json, csv;
  bool overwrite = false;
  bool quiet = false;
};

/// Options and footer of the tool.
void declare(CLI::App& app, CommandLine& o);

/// Checks and completes what does not need the data. Throws snnl::Error naming the option.
void validate(CommandLine& o, bool layers_given);

}  // namespace train
