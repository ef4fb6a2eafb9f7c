#include "snnl/isolation/worker.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <time.h>

#include <csignal>
#include <utility>

#include "snnl/isolation/codec.hpp"

namespace snnl::isolation {
namespace {

// Processor time: a disk that is slow costs none.
constexpr std::chrono::seconds longest_busy{5};
// For a process that waits for ever, for the disk or for itself.
constexpr std::chrono::minutes longest_idle{10};

std::chrono::nanoseconds processor_time(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGABRT:
      return "abort";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    case SIGILL:
      return "illegal instruction";
    default:
      return "signal " + std::to_string(signal);
  }
}

}  // namespace

Worker::Worker(std::shared_ptr<Launcher> launcher) : launcher_(std::move(launcher)), child_(launcher_->start()) {}

Worker::~Worker() { launcher_->end(child_); }

Death Worker::died(const std::string& why) {
  Death death;
  death.place = read_place(launcher_->slot(child_));
  const int status = launcher_->end(child_);
  death.why = why;
  if (!why.empty()) return death;
  if (status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
    death.damaged = false;
    death.why = "the process that read it was killed";
    death.advice = "there may have been too little memory; run it again";
  } else if (status != -1 && WIFSIGNALED(status)) {
    death.why = fmt::format("is damaged: reading it crashed the HDF5 library ({})", name_of(WTERMSIG(status)));
  } else {
    death.damaged = false;
    death.why = "the process that read it ended";
    death.advice = "there may have been too little memory; run it again";
  }
  return death;
}

void Worker::fail_senseless() { throw died("is damaged: what reading it gave makes no sense"); }

void Worker::look_at_progress() {
  const Slot& slot = launcher_->slot(child_);
  const std::uint64_t progress = slot.progress.load(std::memory_order_relaxed);
  const std::chrono::nanoseconds busy = processor_time(child_.pid);
  if (!busy_at_progress_ || progress != progress_ || slot.own_work != 0) {
    progress_ = progress;
    busy_at_progress_ = busy;
    idle_ticks_ = 0;
    return;
  }
  ++idle_ticks_;
  if (busy - *busy_at_progress_ > longest_busy) {
    Death death = died("is damaged: the HDF5 library was busy with it for 5 seconds and got nowhere");
    death.took_long = true;
    throw death;
  }
  if (idle_ticks_ * tick_time > longest_idle) {
    Death death = died("nothing came of reading it for 10 minutes");
    death.advice = "look whether its disk answers, and run it again";
    death.took_long = true;
    death.damaged = false;
    throw death;
  }
}

template <class Work>
auto Worker::watched(const Tick& on_wait, const Work& work) {
  busy_at_progress_.reset();
  idle_ticks_ = 0;
  const Tick tick = [&] {
    if (on_wait) on_wait();
    look_at_progress();
  };
  try {
    return work(tick);
  } catch (const Closed&) {
    throw died();
  } catch (const Malformed&) {
    fail_senseless();
  }
}

void Worker::ask(Kind kind, const std::string& bytes) {
  watched({}, [&](const Tick&) { send_message(child_.socket.get(), kind, bytes); });
}

Message Worker::answer(const Tick& on_wait) {
  return watched(on_wait, [&](const Tick& tick) { return receive_message(child_.socket.get(), tick); });
}

void Worker::receive(void* data, std::size_t size, const Tick& on_wait) {
  watched(on_wait, [&](const Tick& tick) { receive_bytes(child_.socket.get(), data, size, tick); });
}

}  // namespace snnl::isolation
