#include "common/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "common/option_info.hpp"
#include "snnl/text/shell.hpp"

namespace tool {
namespace {

std::string joined(const std::vector<std::string>& texts, const char* between) {
  std::string all;
  for (const std::string& text : texts) all.append(all.empty() ? "" : between).append(text);
  return all;
}

std::vector<std::string> names_of(const OptionInfo& info) {
  std::vector<std::string> names = info.short_names;
  names.insert(names.end(), info.long_names.begin(), info.long_names.end());
  return names;
}

std::string escaped(const std::string& text, const std::string& special) {
  std::string all;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) all += '\\';
    all += c;
  }
  return all;
}

// Names of functions hold no dashes.
std::string identifier(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// What may stand where no option does.
std::string bash_positional(const std::vector<OptionInfo>& infos) {
  std::vector<std::string> choices;
  bool files = false;
  for (const OptionInfo& info : infos) {
    if (info.positional.empty()) continue;
    choices.insert(choices.end(), info.choices.begin(), info.choices.end());
    files |= info.is_file;
  }
  std::string text;
  if (!choices.empty()) text.append("words=").append(snnl::text::single_quoted(joined(choices, " ")));
  if (files) text.append(text.empty() ? "" : " ").append("files=yes");
  return text.empty() ? ":" : text;
}

std::string zsh_value(const OptionInfo& info) {
  const std::string message = escaped(info.positional.empty() ? info.value : info.positional, "\\:");
  if (!info.choices.empty()) {
    std::vector<std::string> choices;
    for (const std::string& choice : info.choices) choices.push_back(escaped(choice, "\\: ()"));
    return fmt::format(":{}:({})", message, joined(choices, " "));
  }
  // A blank action shows the message and completes nothing.
  return fmt::format(":{}{}", message, info.is_file ? ":_files" : ": ");
}

}  // namespace

std::string bash_completion(CLI::App& app) {
  const std::string name = app.get_name(), function = "_" + identifier(name);
  const std::vector<OptionInfo> infos = option_infos(app);
  std::vector<std::string> all;
  std::ostringstream cases;
  for (const OptionInfo& info : infos) {
    if (!info.positional.empty()) continue;
    const std::vector<std::string> names = names_of(info);
    all.insert(all.end(), names.begin(), names.end());
    if (info.is_flag()) continue;
    cases << "    " << joined(names, "|") << ") ";
    if (!info.choices.empty()) {
      cases << "words=" << snnl::text::single_quoted(joined(info.choices, " "));
    } else {
      cases << (info.is_file ? "files=yes" : ":");
    }
    cases << " ;;\n";
  }
  std::ostringstream out;
  out << "# bash completion of " << name << ", generated from its options.\n"
      << function << "() {\n"
      << "  local current=${COMP_WORDS[COMP_CWORD]} before= prefix= words= files= option i\n"
      << "  (( COMP_CWORD > 0 )) && before=${COMP_WORDS[COMP_CWORD-1]}\n"
      << "  # --option=value is one word, or three where '=' breaks words.\n"
      << "  if [[ $current == '=' && $before == --* ]]; then\n"
      << "    current= option=$before\n"
      << "  elif [[ $before == '=' ]] && (( COMP_CWORD > 1 )); then\n"
      << "    option=${COMP_WORDS[COMP_CWORD-2]}\n"
      << "  elif [[ $current == --*=* ]]; then\n"
      << "    option=${current%%=*} prefix=${current%%=*}= current=${current#*=}\n"
      << "  else\n"
      << "    option=$before\n"
      << "  fi\n"
      << "  local only_arguments=\n"
      << "  for (( i = 1; i < COMP_CWORD; ++i )); do\n"
      << "    [[ ${COMP_WORDS[i]} == -- ]] && only_arguments=yes option=\n"
      << "  done\n"
      << "  case $option in\n"
      << cases.str() << "    *)\n"
      << "      if [[ $current == -* && -z $only_arguments ]]; then\n"
      << "        words=" << snnl::text::single_quoted(joined(all, " ")) << "\n"
      << "      else\n"
      << "        " << bash_positional(infos) << "\n"
      << "      fi ;;\n"
      << "  esac\n"
      << "  COMPREPLY=( $(compgen -P \"$prefix\" -W \"$words\" -- \"$current\") )\n"
      << "  # Without a reply bash completes names of files.\n"
      << "  if [[ -z $files ]]; then compopt +o default +o bashdefault 2>/dev/null; fi\n"
      << "  return 0\n"
      << "}\n"
      << "complete -o bashdefault -o default -F " << function << " " << name << "\n";
  return out.str();
}

std::string zsh_completion(CLI::App& app) {
  std::vector<std::string> specs;
  for (const OptionInfo& info : option_infos(app)) {
    if (!info.positional.empty()) {
      std::string spec = info.repeatable ? "*" : "";
      if (!info.repeatable && !info.required) spec = ":";  // "::" is an optional argument
      specs.push_back(snnl::text::single_quoted(spec + zsh_value(info)));
      continue;
    }
    const std::vector<std::string> names = names_of(info);
    const std::string description = fmt::format("[{}]", escaped(info.description, "\\[]"));
    for (const std::string& name : names) {
      std::string spec;
      if (info.repeatable) {
        spec = "*";
      } else if (names.size() > 1) {
        spec = fmt::format("({})", joined(names, " "));  // one of them excludes the others
      }
      spec.append(name);
      if (!info.is_flag()) spec.append(name.rfind("--", 0) == 0 ? "=" : "+");
      spec.append(description);
      if (!info.is_flag()) spec.append(zsh_value(info));
      specs.push_back(snnl::text::single_quoted(spec));
    }
  }
  return fmt::format("#compdef {}\n# zsh completion, generated from the tool's options.\n_arguments -s -S \\\n  {}\n",
                     app.get_name(), joined(specs, " \\\n  "));
}

std::string fish_completion(CLI::App& app) {
  const auto quoted = [](const std::string& text) { return fmt::format("'{}'", escaped(text, "\\'")); };
  const std::vector<OptionInfo> infos = option_infos(app);
  std::ostringstream out;
  out << "# fish completion of " << app.get_name() << ", generated from its options.\n";
  const bool files = std::any_of(infos.begin(), infos.end(),
                                 [](const OptionInfo& info) { return !info.positional.empty() && info.is_file; });
  if (!files) out << "complete -c " << app.get_name() << " -f\n";
  for (const OptionInfo& info : infos) {
    if (!info.positional.empty() && info.choices.empty()) continue;
    out << "complete -c " << app.get_name();
    for (const std::string& name : info.short_names) out << " -s " << name.substr(1);
    for (const std::string& name : info.long_names) out << " -l " << name.substr(2);
    if (info.positional.empty() && !info.is_flag()) out << (info.is_file ? " -r -F" : " -x");
    if (!info.choices.empty()) out << " -a " << quoted(joined(info.choices, " "));
    if (info.positional.empty()) out << " -d " << quoted(info.description);
    out << "\n";
  }
  return out.str();
}

}  // namespace tool
