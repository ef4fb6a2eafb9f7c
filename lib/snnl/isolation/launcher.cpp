#include "snnl/isolation/launcher.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <set>

#include "snnl/error.hpp"
#include "snnl/isolation/channel.hpp"
#include "snnl/isolation/codec.hpp"

namespace snnl::isolation {
namespace {

enum Kind : std::uint32_t { start_one, end_one, answer };

[[noreturn]] void fail(int code) {
  throw Error("", std::string("no process can be started to read dumps in (").append(std::strerror(code)).append(")"),
              "allow more processes, memory or open files");
}

[[noreturn]] void fail_killed() {
  throw Error("", "the process that starts others to read dumps in was killed", "run it again");
}

// The one that started all decides what a signal does.
void ignore_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2}) ::signal(signal, SIG_IGN);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGCHLD}) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // What the tool does at an unexpected end, files and all, is not for its children: they crash.
  std::set_terminate(std::abort);
}

void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);  // it was quicker
}

// Nothing that a library has to say reaches the user, and no file of his gets number 1 or 2.
void silence() {
  int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    ::close(ends[0]);
    nowhere = ends[1];
  }
  for (int standard = 0; standard <= 2; ++standard) ::dup2(nowhere, standard);
  if (nowhere > 2) ::close(nowhere);
}

// `socket` becomes 3, and all above is closed.
int close_all_but(int socket) {
  constexpr int kept = 3;
  if (socket != kept) ::dup2(socket, kept);
  ::fcntl(kept, F_SETFD, FD_CLOEXEC);
  if (::close_range(kept + 1, ~0u, 0) != 0) {
    for (int other = kept + 1; other < 4096; ++other) ::close(other);
  }
  return kept;
}

}  // namespace

Launcher::Launcher(Serve serve) : taken_(most_children, false) {
  void* const memory = ::mmap(nullptr, most_children * sizeof(Page), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) fail(errno);
  slots_ = static_cast<Page*>(memory);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    const int code = errno;
    ::munmap(slots_, most_children * sizeof(Page));
    fail(code);
  }
  socket_ = Descriptor(ends[0]);
  Descriptor other(ends[1]);
  const pid_t parent = ::getpid();
  // A signal that comes before the new process ignores it must not do there what it does here.
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  pid_ = ::fork();
  if (pid_ != 0) ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid_ < 0) {
    const int code = errno;
    ::munmap(slots_, most_children * sizeof(Page));
    fail(code);
  }
  if (pid_ > 0) {
    // The first one is ready by the time that it is needed.
    try {
      ask_for_one();
    } catch (const Error&) {
      // Whoever needs it is told.
    }
    return;
  }

  // The process that forks.
  ignore_signals();
  die_with(parent);
  const int socket = close_all_but(other.get());
  silence();
  const pid_t self = ::getpid();
  std::set<pid_t> children;
  try {
    while (is_open(socket)) {
      Message request = receive_message(socket);
      if (request.kind == start_one) {
        const auto number = unpacked<std::uint64_t>(request.bytes);
        const pid_t child = ::fork();
        if (child == 0) {
          die_with(self);
          // Its own page alone.
          auto* const page = slots_ + number;
          if (number > 0) ::munmap(slots_, number * sizeof(Page));
          if (number + 1 < most_children) ::munmap(page + 1, (most_children - number - 1) * sizeof(Page));
          serve(close_all_but(request.descriptor.get()), page->slot);
          ::_exit(0);
        }
        if (child > 0) children.insert(child);
        send_message(socket, answer, packed(std::int64_t{child > 0 ? child : -errno}));
      } else {
        const auto child = static_cast<pid_t>(unpacked<std::int64_t>(request.bytes));
        int status = -1;
        if (children.erase(child) > 0) {
          ::kill(child, SIGKILL);  // one that ended by itself is not changed by that
          while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
          }
        }
        send_message(socket, answer, packed(std::int64_t{status}));
      }
    }
  } catch (...) {
    // The other side went in the middle, or there is no memory left.
  }
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  ::_exit(0);
}

Launcher::~Launcher() {
  socket_.reset();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::munmap(slots_, most_children * sizeof(Page));
}

void Launcher::ask_for_one() {
  const auto free = std::find(taken_.begin(), taken_.end(), false);
  if (free == taken_.end()) throw Error("", "more than 256 dumps are to be read at once", "give fewer");
  Child child;
  child.slot = static_cast<std::size_t>(free - taken_.begin());
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail(errno);
  child.socket = Descriptor(ends[0]);
  limit_waiting(child.socket.get());
  const Descriptor other(ends[1]);
  Slot& slot = slots_[child.slot].slot;
  slot.progress = 0;
  slot.own_work = 0;
  slot.file = ~0u;
  slot.length = 0;
  try {
    send_message(socket_.get(), start_one, packed(std::uint64_t{child.slot}), other.get());
  } catch (const Closed&) {
    fail_killed();
  }
  *free = true;
  asked_for_ = std::move(child);
}

Launcher::Child Launcher::start() {
  const std::lock_guard lock(mutex_);
  if (!asked_for_.socket) ask_for_one();
  Child child = std::move(asked_for_);
  asked_for_ = {};
  std::int64_t pid = -1;
  try {
    pid = unpacked<std::int64_t>(receive_message(socket_.get()).bytes);
  } catch (const Closed&) {
    fail_killed();
  }
  if (pid < 0) {
    taken_[child.slot] = false;
    fail(static_cast<int>(-pid));
  }
  child.pid = static_cast<pid_t>(pid);
  return child;
}

int Launcher::end(Child& child) {
  if (child.pid < 0) return -1;
  const std::lock_guard lock(mutex_);
  child.socket.reset();
  taken_[child.slot] = false;
  const std::int64_t pid = std::exchange(child.pid, -1);
  try {
    send_message(socket_.get(), end_one, packed(pid));
    return static_cast<int>(unpacked<std::int64_t>(receive_message(socket_.get()).bytes));
  } catch (const Closed&) {
    return -1;
  }
}

}  // namespace snnl::isolation
