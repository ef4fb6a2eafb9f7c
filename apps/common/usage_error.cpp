#include "common/usage_error.hpp"

#include <algorithm>

#include "common/option_info.hpp"
#include "snnl/text/nearest_name.hpp"

namespace tool {
namespace {

// The first argument that looks like an option and is none, without its value.
std::string unknown_option(const CLI::App& app) {
  for (const std::string& argument : app.remaining()) {
    if (argument == "--") break;
    if (argument.size() > 1 && argument[0] == '-') return argument.substr(0, argument.find('='));
  }
  return "";
}

std::vector<std::string> option_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const OptionInfo& info : option_infos(app)) {
    names.insert(names.end(), info.long_names.begin(), info.long_names.end());
  }
  return names;
}

// Where a value is none of its option's choices: the nearest of them.
std::string nearest_choice(CLI::App& app, const std::string& message) {
  for (CLI::Option* option : app.get_options()) {
    if (message.rfind(option->get_name() + ": ", 0) != 0) continue;
    const std::vector<std::string> choices = choices_of(*option);
    for (const std::string& value : option->results()) {
      if (std::find(choices.begin(), choices.end(), value) == choices.end())
        return snnl::text::did_you_mean(value, choices);
    }
  }
  return "";
}

// "--layers: GLOB is missing", where CLI11 says "--layers: 1 required TEXT missing"; else empty.
std::string missing_value(CLI::App& app, const std::string& message) {
  if (message.find(" required ") == std::string::npos || !message.ends_with(" missing")) return "";
  for (const OptionInfo& info : option_infos(app)) {
    for (const std::string& name : info.long_names) {
      if (message.rfind(name + ": ", 0) == 0) return name + ": " + info.value + " is missing";
    }
  }
  return "";
}

}  // namespace

std::string usage_error(CLI::App& app, const CLI::ParseError& error) {
  std::string text = error.what(), meant;
  const std::string unknown = unknown_option(app);
  // An argument that is missing may be so because an option was misspelt.
  const bool is_unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                          dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (is_unknown && !unknown.empty()) {
    text = unknown;
    text.append(": there is no such option");
    meant = snnl::text::did_you_mean(unknown, option_names(app));
  } else {
    meant = nearest_choice(app, text);
    if (const std::string missing = missing_value(app, text); !missing.empty()) text = missing;
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  return meant.empty() ? text.append("; see ").append(app.get_name()).append(" --help") : text.append(meant);
}

}  // namespace tool
