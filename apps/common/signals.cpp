#include "common/signals.hpp"

#include <csignal>

#include "common/last_words.hpp"
#include "snnl/files/temporary_files.hpp"

namespace tool {
namespace {

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

void end_by(int signal) {
  snnl::files::remove_temporary_files();
  last_words("interrupted; outputs that were not finished are not written");
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

void end_on_signals() { install(end_by); }

const std::atomic<bool>& stop_on_signals() {
  install(note_first);
  return stop;
}

int signal_status() { return stopped_by == 0 ? 0 : 128 + stopped_by; }

}  // namespace tool
