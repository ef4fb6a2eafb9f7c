#include "common/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>

#include "snnl/files/temporary_files.hpp"

namespace tool {
namespace {

const char* tool_name = "snnl";
std::atomic<bool> stop{false};
std::atomic<int> stopped_by{0};

constexpr int handled[] = {SIGINT, SIGTERM, SIGHUP};

void install(void (*handler)(int)) {
  for (const int signal : handled) {
    struct sigaction before {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

void say(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;  // nobody is left to tell
}

void end_by(int signal) {
  snnl::remove_temporary_files();
  say(tool_name);
  say(": error: interrupted; outputs that were not finished are not written\n");
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void note_first(int signal) {
  if (stop.exchange(true)) {
    end_by(signal);
    return;
  }
  stopped_by = signal;
}

}  // namespace

void end_on_signals(const char* name) {
  tool_name = name;
  install(end_by);
}

const std::atomic<bool>& stop_on_signals() {
  install(note_first);
  return stop;
}

int signal_status() { return stopped_by == 0 ? 0 : 128 + stopped_by; }

}  // namespace tool
