#include "common/tool.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>

#include "common/completion.hpp"
#include "common/man_page.hpp"
#include "common/signals.hpp"
#include "common/usage_error.hpp"
#include "snnl/product/products.hpp"
#include "snnl/simd/instruction_set.hpp"
#include "snnl/text/printable.hpp"
#include "snnl/version.hpp"

namespace tool {

void add_version(CLI::App& app, const std::string& more) {
  // Made when it is asked for: to ask HDF5 starts it, which tools that read in another process can do without.
  app.set_version_flag("--version", [name = app.get_name(), more] {
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    std::ostringstream out;
    out << name << ' ' << snnl::version << "\nSIMD: " << snnl::simd::name()
        << "\nProducts: " << snnl::product::maker_in_use() << "\nBLAS: " << snnl::product::blas_in_use()
        << "\nHDF5: " << major << '.' << minor << '.' << release << more;
    return out.str();
  });
}

void print_error(const std::string& name, const std::string& message) { print_note(name, "error: " + message); }

void print_note(const std::string& name, const std::string& message) {
  std::cerr << snnl::text::message_line(fmt::format("{}: {}", name, message)) + '\n';
}

void tell_failed_writes() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

CLI::Validator not_empty() {
  return {[](const std::string& value) { return value.empty() ? std::string("is empty") : std::string(); }, ""};
}

CLI::Validator names_page() {
  return {[](const std::string& value) {
            static const std::set<std::string> others{".png", ".jpg", ".jpeg", ".svg", ".pdf",
                                                      ".gif", ".csv", ".md",   ".txt", ".xml"};
            std::string extension = std::filesystem::path(value).extension().string();
            std::transform(extension.begin(), extension.end(), extension.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            if (others.count(extension) == 0) return std::string();
            return "'" + value + "' would hold a page for the browser; name it .html";
          },
          ""};
}

namespace {

/// The status after what stdout was asked for.
int told(const CLI::App& app) {
  std::cout.flush();
  if (std::cout) return ok;
  print_error(app.get_name(), "stdout: could not be written");
  return unusable;
}

// Not an option of the tool's: it is for the build, which installs what it prints.
std::optional<int> generate(CLI::App& app, const std::string& argument) {
  const std::string option = "--generate=";
  if (argument.rfind(option, 0) != 0) return std::nullopt;
  const std::string what = argument.substr(option.size());
  if (what == "bash") {
    std::cout << bash_completion(app);
  } else if (what == "zsh") {
    std::cout << zsh_completion(app);
  } else if (what == "fish") {
    std::cout << fish_completion(app);
  } else if (what == "man") {
    std::cout << man_page(app);
  } else {
    print_error(app.get_name(), fmt::format("--generate: '{}' is none of bash, zsh, fish, man", what));
    return unusable;
  }
  return told(app);
}

}  // namespace

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  if (argc == 2) {
    if (const auto status = generate(app, argv[1])) return status;
  }
  try {
    app.parse(argc, argv);
    end_on_signals();
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return told(app);
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
    return told(app);
  } catch (const CLI::ParseError& e) {
    print_error(app.get_name(), usage_error(app, e));
    return unusable;
  }
}

}  // namespace tool
