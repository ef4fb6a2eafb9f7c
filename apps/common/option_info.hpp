#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace tool {

/// What completions and the manual page tell of one option or positional argument.
struct OptionInfo {
  std::vector<std::string> short_names;  ///< "-q"
  std::vector<std::string> long_names;   ///< "--quiet"
  std::string positional;                ///< "DUMP"; empty for an option
  std::string value;                     ///< placeholder of the value, "FILE"; empty for a flag
  std::vector<std::string> choices;      ///< the only values allowed; empty: any
  bool is_file = false;                  ///< whether the value is the name of a file
  bool repeatable = false;
  bool required = false;
  std::string group;
  std::string description;  ///< one line
  std::string default_text;

  bool is_flag() const { return positional.empty() && value.empty(); }
};

/// The options and positional arguments of `app` that --help shows, in its order.
std::vector<OptionInfo> option_infos(CLI::App& app);

/// The set of a CLI::IsMember among the option's validators; empty where there is none.
std::vector<std::string> choices_of(CLI::Option& option);

}  // namespace tool
