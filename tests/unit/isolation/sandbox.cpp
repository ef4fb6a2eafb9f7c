// What somebody who took a reading process over could do: nothing.

#include <dirent.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "snnl/isolation/channel.hpp"
#include "snnl/isolation/codec.hpp"
#include "snnl/isolation/launcher.hpp"
#include "snnl/isolation/sandbox.hpp"
#include "support/scratch.hpp"

namespace {

namespace isolation = snnl::isolation;
using isolation::Descriptor;

bool opens(const std::string& path, int flags) {
  return static_cast<bool>(Descriptor(::open(path.c_str(), flags, 0600)));
}

bool forks() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  if (child > 0) ::waitpid(child, nullptr, 0);
  return child > 0;
}

bool connects() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  return socket &&
         (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 || errno == ECONNREFUSED);
}

/// Whether a deed, and the file that it is done to, succeeds.
bool succeeds(const std::string& deed, const std::string& file) {
  if (deed == "read") return opens(file, O_RDONLY);
  if (deed == "write") return opens(file, O_WRONLY);
  if (deed == "create") return opens(file, O_WRONLY | O_CREAT);
  if (deed == "remove") return ::unlink(file.c_str()) == 0;
  if (deed == "rename") return ::rename(file.c_str(), (file + "2").c_str()) == 0;
  if (deed == "list") {
    DIR* const folder = ::opendir(file.c_str());
    if (folder != nullptr) ::closedir(folder);
    return folder != nullptr;
  }
  if (deed == "fork") return forks();
  if (deed == "run") return ::execl("/bin/true", "true", nullptr) == 0;
  if (deed == "connect") return connects();
  if (deed == "kill") return ::kill(::getppid(), 0) == 0;
  if (deed == "trace") return ::ptrace(PTRACE_SEIZE, ::getppid(), nullptr, nullptr) == 0;
  if (deed == "signal by owner") return ::fcntl(3, F_SETOWN, ::getppid()) == 0;
  if (deed == "core") {
    rlimit limit{};
    return ::getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur > 0 || ::prctl(PR_SET_DUMPABLE, 1) == 0;
  }
  if (deed == "thread") {
    int done = 0;
    std::thread([&] { done = 1; }).join();
    return done == 1;
  }
  if (deed == "much memory") {
    // Compilers leave out what they see to be given back unused.
    void* volatile memory = std::malloc(std::size_t{200} << 20);
    const bool done = memory != nullptr;
    std::free(memory);
    return done;
  }
  return false;
}

/// The first message names the file that may be read, each other one a deed and a file.
void serve(int socket, isolation::Slot& slot) {
  try {
    isolation::MemoryLimit memory;
    isolation::give_up_privileges();
    const bool system_calls = isolation::SystemCallFilter().apply();
    const bool files = isolation::allow_files({isolation::receive_message(socket).bytes});
    memory.allow(std::size_t{100} << 20);
    slot.progress = (system_calls ? 1u : 0u) + (files ? 2u : 0u);
    while (true) {
      const isolation::Message asked = isolation::receive_message(socket);
      const auto words = isolation::unpacked<std::vector<std::string>>(asked.bytes);
      isolation::send_message(socket, succeeds(words.at(0), words.at(1)) ? 1 : 0, "");
    }
  } catch (...) {
  }
}

void crash(int socket, isolation::Slot&) {
  isolation::receive_message(socket);
  std::raise(SIGSEGV);
}

void hold(int socket, isolation::Slot&) {
  isolation::send_message(socket, 0, isolation::packed(std::int64_t{::getpid()}));
  while (true) ::pause();
}

bool is_there(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  std::string number, name, state;
  return static_cast<bool>(status >> number >> name >> state) && state != "Z";
}

}  // namespace

TEST_SUITE("isolation") {
  TEST_CASE("a reading process can read the named file, and do nothing else") {
    const Scratch scratch;
    scratch.write("named.h5", "1");
    scratch.write("other", "2");
    isolation::Launcher launcher(serve);
    isolation::Launcher::Child child = launcher.start();
    isolation::send_message(child.socket.get(), 0, scratch.path("named.h5"));
    const auto can = [&](const std::string& deed, const std::string& file = "") {
      isolation::send_message(child.socket.get(), 0,
                              isolation::packed(std::vector<std::string>{deed, scratch.path(file)}));
      return isolation::receive_message(child.socket.get()).kind == 1;
    };
    CHECK(can("read", "named.h5"));
    CHECK(can("thread"));
    const std::uint64_t protection = launcher.slot(child).progress;
    if ((protection & 1) == 0) {
      MESSAGE("no filter of system calls here");
    } else {
      for (const char* deed : {"fork", "run", "connect", "kill", "trace", "signal by owner", "core"}) {
        CHECK_MESSAGE(!can(deed), deed);
      }
      for (const char* deed : {"write", "create", "remove", "rename"}) CHECK_MESSAGE(!can(deed, "named.h5"), deed);
      CHECK(!can("create", "new"));
    }
    if ((protection & 2) == 0) {
      MESSAGE("no Landlock here");
    } else {
      CHECK(!can("read", "other"));
      CHECK(!can("list"));
    }
#if !defined(SNNL_SANITIZED)
    CHECK(!can("much memory"));
#endif
    CHECK(scratch.names() == "named.h5 other");
    launcher.end(child);
  }

  TEST_CASE("how a reading process died is told") {
    isolation::Launcher launcher(crash);
    isolation::Launcher::Child child = launcher.start();
    isolation::send_message(child.socket.get(), 0, "");
    CHECK_THROWS_AS(isolation::receive_message(child.socket.get()), isolation::Closed);
    const int status = launcher.end(child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGSEGV);
    // The next one is another.
    isolation::Launcher::Child next = launcher.start();
    CHECK(next.pid > 0);
    launcher.end(next);
  }

  TEST_CASE("reading processes end with the one that they read for, however it ends") {
    for (const bool killed : {false, true}) {
      CAPTURE(killed);
      int ends[2];
      REQUIRE(::pipe(ends) == 0);
      const pid_t reader = ::fork();
      if (reader == 0) {
        {
          isolation::Launcher launcher(hold);
          const isolation::Launcher::Child child = launcher.start();
          const std::int64_t pid =
              isolation::unpacked<std::int64_t>(isolation::receive_message(child.socket.get()).bytes);
          if (::write(ends[1], &pid, sizeof pid) != sizeof pid) ::_exit(1);
          if (killed) ::raise(SIGKILL);
        }
        ::_exit(0);
      }
      std::int64_t child = 0;
      REQUIRE(::read(ends[0], &child, sizeof child) == sizeof child);
      ::waitpid(reader, nullptr, 0);
      for (int tries = 0; tries < 100 && is_there(static_cast<pid_t>(child)); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      CHECK(!is_there(static_cast<pid_t>(child)));
      ::close(ends[0]);
      ::close(ends[1]);
    }
  }
}
