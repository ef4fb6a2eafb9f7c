#include "common/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "snnl/text/printable.hpp"

namespace tool {
namespace {

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

std::string format_duration(double seconds) {
  const auto whole = static_cast<long long>(std::llround(std::max(0., seconds)));
  char text[48];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  }
  return text;
}

Progress::Progress(bool wanted) : shown_(wanted && ::isatty(STDERR_FILENO)) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  color_ = !(no_color && *no_color);
  if (term && std::string(term) == "dumb") shown_ = false;
}

Progress::~Progress() { clear(); }

void Progress::update(double fraction, const std::string& what) {
  if (!shown_) return;
  fraction = std::clamp(fraction, 0., 1.);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  constexpr std::size_t width = 24;
  const auto full = static_cast<std::size_t>(fraction * width);
  std::string bar(full, '#');
  bar.append(width - full, '.');
  std::ostringstream told;
  told << ' ' << static_cast<int>(fraction * 100) << " %";
  if (fraction > 0 && spent.count() > 1) {
    told << ", " << format_duration(spent.count() * (1 - fraction) / fraction) << " left";
  }
  if (!what.empty()) told << "  " << snnl::text::printable(what);
  const std::size_t columns = terminal_columns();
  const std::string tail = snnl::text::fitting(told.str(), columns > width + 1 ? columns - width - 1 : 0);
  std::cerr << "\r\033[K" << (color_ ? "\033[36m" : "") << bar << (color_ ? "\033[0m" : "") << tail << std::flush;
}

void Progress::clear() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
}

}  // namespace tool
