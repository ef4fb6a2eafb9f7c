#include "common/option_info.hpp"

#include <sstream>

namespace tool {
namespace {

std::vector<std::string> with_dashes(const std::vector<std::string>& names, const char* dashes) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(dashes + name);
  return all;
}

std::string one_line(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

// "error|drop" where only the validator says what may be given.
std::string placeholder(const CLI::Option& option, const std::vector<std::string>& choices) {
  if (!option.get_option_text().empty()) return option.get_option_text();
  std::string text;
  for (const std::string& choice : choices) text.append(text.empty() ? "" : "|").append(choice);
  if (!text.empty()) return text;
  const std::string type = option.get_type_name();
  return type.empty() ? "VALUE" : type.substr(0, type.find(':'));
}

bool is_file(CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto names_file = [](const std::string& text) {
    return text.rfind("FILE", 0) == 0 || text.rfind("DIR", 0) == 0;
  };
  // Checks such as CLI::ExistingFile stand behind the type, ":FILE".
  return names_file(option.get_option_text()) || names_file(type) || type.find(":FILE") != std::string::npos ||
         type.find(":DIR") != std::string::npos;
}

OptionInfo info_of(CLI::Option& option) {
  OptionInfo info;
  info.short_names = with_dashes(option.get_snames(), "-");
  info.long_names = with_dashes(option.get_lnames(), "--");
  if (!option.nonpositional()) info.positional = option.get_name(true);
  info.group = option.get_group();
  info.description = one_line(option.get_description());
  info.required = option.get_required();
  if (option.get_items_expected_max() == 0) return info;
  info.choices = choices_of(option);
  info.value = placeholder(option, info.choices);
  info.is_file = is_file(option);
  info.repeatable = option.get_items_expected_max() > 1;
  info.default_text = option.get_default_str();
  return info;
}

}  // namespace

std::vector<std::string> choices_of(CLI::Option& option) {
  // CLI11 does not give the set back, but its description is the set: "{a,b}".
  std::string type = option.get_type_name();
  const std::size_t open = type.find(":{");
  const std::size_t close = type.find('}', open == std::string::npos ? 0 : open);
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::istringstream set(type.substr(open + 2, close - open - 2));
  for (std::string choice; std::getline(set, choice, ',');) choices.push_back(choice);
  return choices;
}

std::vector<OptionInfo> option_infos(CLI::App& app) {
  std::vector<OptionInfo> all;
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) all.push_back(info_of(*option));
  }
  return all;
}

}  // namespace tool
