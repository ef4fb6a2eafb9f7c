#include "common/tool.hpp"

#include <hdf5.h>

#include <iostream>
#include <sstream>

#include "snnl/results/text.hpp"
#include "snnl/simd/kernels.hpp"
#include "snnl/version.hpp"

namespace tool {

std::string version_text(const std::string& name) {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  std::ostringstream out;
  out << name << ' ' << snnl::version << "\nSIMD: " << snnl::simd_name() << "\nHDF5: " << major << '.' << minor << '.'
      << release;
  return out.str();
}

void print_error(const std::string& name, const std::string& message) {
  std::cerr << snnl::printable(name + ": error: " + message) + '\n';
}

CLI::Validator not_empty() {
  return {[](const std::string& value) { return value.empty() ? std::string("is empty") : std::string(); }, ""};
}

CLI::Validator not_negative() {
  return {[](std::string& value) { return value.rfind('-', 0) == 0 ? value + " is negative" : std::string(); }, ""};
}

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help() << std::flush;
    return std::cout ? ok : unusable;
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << std::endl;
    return std::cout ? ok : unusable;
  } catch (const CLI::ParseError& e) {
    std::string text = e.what();
    for (char& c : text) c = c == '\n' ? ' ' : c;
    print_error(app.get_name(), text + "; see " + app.get_name() + " --help");
    return unusable;
  }
}

}  // namespace tool
