#include "common/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "common/option_info.hpp"
#include "snnl/version.hpp"

namespace tool {
namespace {

// Text as it is: a hyphen that can be copied, no control lines.
std::string roff(const std::string& text) {
  std::string all;
  for (const char c : text) {
    switch (c) {
      case '\\':
        all.append("\\e");
        break;
      case '-':
        all.append("\\-");
        break;
      case '\'':
        all.append("\\(aq");
        break;
      case '`':
        all.append("\\(ga");
        break;
      case '^':
        all.append("\\(ha");
        break;
      case '~':
        all.append("\\(ti");
        break;
      default:
        all += c;
    }
  }
  if (!text.empty() && text[0] == '.') all.insert(0, "\\&");
  return all;
}

std::string bold(const std::string& text) { return fmt::format("\\fB{}\\fR", roff(text)); }
std::string italic(const std::string& text) { return fmt::format("\\fI{}\\fR", roff(text)); }

// Line ends become blanks.
std::string paragraph(const std::string& text) {
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return roff(line) + "\n";
}

std::string upper_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

// The NAME line, which apropos searches: the first sentence.
std::string summary(const std::string& description) {
  std::string line = description.substr(0, description.find(". "));
  std::replace(line.begin(), line.end(), '\n', ' ');
  while (!line.empty() && line.back() == '.') line.pop_back();
  return line;
}

std::string head_of(const OptionInfo& info) {
  std::string head;
  for (const auto* names : {&info.short_names, &info.long_names}) {
    for (const std::string& name : *names) head.append(head.empty() ? "" : ", ").append(bold(name));
  }
  if (!info.positional.empty()) return italic(info.positional) + (info.repeatable ? " ..." : "");
  // "error|drop" is to be typed, NAME is not.
  const bool literal = !info.choices.empty() && info.value.find('|') != std::string::npos;
  if (!info.value.empty()) head.append(" ").append(literal ? bold(info.value) : italic(info.value));
  return head;
}

void write_option(std::ostream& out, const OptionInfo& info) {
  const std::string& text = info.description;
  const bool ended = !text.empty() && (text.back() == '.' || text.back() == '?' || text.back() == '!');
  out << ".TP\n" << head_of(info) << "\n" << paragraph(ended ? text : text + ".");
  if (!info.default_text.empty()) out << "Default: " << roff(info.default_text) << ".\n";
  if (info.positional.empty() && info.repeatable && info.description.find("repeatable") == std::string::npos) {
    out << "Can be repeated.\n";
  }
}

void write_options(std::ostream& out, const std::vector<OptionInfo>& infos) {
  out << ".SH OPTIONS\n";
  std::vector<std::string> groups;
  for (const OptionInfo& info : infos) {
    if (info.positional.empty() && std::find(groups.begin(), groups.end(), info.group) == groups.end()) {
      groups.push_back(info.group);
    }
  }
  // --help and --version come first in the declaration; here they are what is looked for least.
  std::stable_partition(groups.begin(), groups.end(), [](const std::string& group) { return group != "Options"; });
  for (const std::string& group : groups) {
    if (groups.size() > 1) out << ".SS " << roff(group == "Options" ? "Other" : group) << "\n";
    for (const OptionInfo& info : infos) {
      if (info.positional.empty() && info.group == group) write_option(out, info);
    }
  }
}

std::vector<std::string> paragraphs(const std::string& text) {
  std::vector<std::string> all(1);
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      if (!all.back().empty()) all.emplace_back();
    } else {
      all.back().append(line).append("\n");
    }
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

// Indented lines stand as they are.
void write_lines(std::ostream& out, const std::string& text) {
  std::istringstream in(text);
  bool verbatim = false;
  for (std::string line; std::getline(in, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string::npos) continue;
    if ((indent > 0) != verbatim) out << (verbatim ? ".fi\n.RE\n" : ".PP\n.RS 4\n.nf\n");
    verbatim = indent > 0;
    out << roff(line.substr(verbatim ? std::min<std::size_t>(indent, 2) : 0)) << "\n";
  }
  if (verbatim) out << ".fi\n.RE\n";
}

// "0 done, 1 the gate failed, 2 usage or input error." as a list; other text as it is.
void write_exit_status(std::ostream& out, const std::string& text) {
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  const auto is_digit = [&](std::size_t i) { return i < line.size() && line[i] >= '0' && line[i] <= '9'; };
  if (!is_digit(0)) {
    out << roff(line) << "\n";
    return;
  }
  std::size_t begin = 0;
  while (begin < line.size()) {
    std::size_t end = begin;
    do {
      end = line.find(", ", end + 1);
    } while (end != std::string::npos && !(is_digit(end + 2) && end + 3 < line.size() && line[end + 3] == ' '));
    std::string item = line.substr(begin, end == std::string::npos ? end : end - begin);
    while (!item.empty() && (item.back() == ' ' || item.back() == '.')) item.pop_back();
    const std::size_t blank = std::min(item.find(' '), item.size() - 1);
    out << ".TP\n" << bold(item.substr(0, blank)) << "\n" << roff(item.substr(blank + 1)) << ".\n";
    begin = end == std::string::npos ? line.size() : end + 2;
  }
}

void write_footer(std::ostream& out, const std::string& footer) {
  std::string section;
  for (const std::string& text : paragraphs(footer)) {
    const auto begins = [&](const std::string& start) { return text.rfind(start, 0) == 0; };
    const auto open = [&](const std::string& title) {
      out << (section == title ? ".PP\n" : fmt::format(".SH {}\n", title));
      section = title;
    };
    const std::size_t after = text.find(": ") + 2;
    if (begins("Example: ") || begins("Examples: ")) {
      open(begins("Examples: ") ? "EXAMPLES" : "EXAMPLE");
      std::string shown = text.substr(after);
      if (shown[0] >= 'a' && shown[0] <= 'z') shown[0] = static_cast<char>(shown[0] - 'a' + 'A');
      const std::size_t end = std::min(shown.find('\n'), shown.size());
      if (end > 0 && shown.find("\n ") == end && shown[end - 1] != ':') shown.insert(end, ":");
      write_lines(out, shown);
    } else if (begins("Exit status: ")) {
      open("EXIT STATUS");
      write_exit_status(out, text.substr(after));
    } else {
      open("NOTES");
      write_lines(out, text);
    }
  }
}

void write_see_also(std::ostream& out, const std::string& name) {
  std::istringstream tools(SNNL_TOOLS);
  std::string others;
  for (std::string tool; tools >> tool;) {
    if (tool != name) others.append(others.empty() ? "" : ",\n").append(bold(tool)).append("(1)");
  }
  if (!others.empty()) out << ".SH \"SEE ALSO\"\n" << others << "\n";
}

}  // namespace

std::string man_page(CLI::App& app) {
  const std::string name = app.get_name();
  const std::vector<OptionInfo> infos = option_infos(app);
  std::ostringstream out;
  // No date: the same sources give the same page.
  out << ".TH " << roff(upper_case(name)) << " 1 \"\" \"snnl " << snnl::version << "\" \"User Commands\"\n"
      << ".SH NAME\n"
      << roff(name) << " \\- " << roff(summary(app.get_description())) << "\n"
      << ".SH SYNOPSIS\n"
      << bold(name) << " [" << italic("OPTION") << "]...";
  for (const OptionInfo& info : infos) {
    if (info.positional.empty()) continue;
    const std::string text = italic(info.positional) + (info.repeatable ? "..." : "");
    out << " " << (info.required ? text : fmt::format("[{}]", text));
  }
  out << "\n.SH DESCRIPTION\n" << paragraph(app.get_description());
  for (const OptionInfo& info : infos) {
    if (!info.positional.empty()) write_option(out, info);
  }
  write_options(out, infos);
  write_footer(out, app.get_footer());
  write_see_also(out, name);
  return out.str();
}

}  // namespace tool
