// What libtorch and the BLAS that it brings do not survive: they start threads and take memory while they are loaded,
// and abort or wait for ever where there is too little. So this is looked at before they are: the functions of
// .preinit_array run before anything of a shared library does. They may call the system, and little else.

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace {

/// Address space below which libtorch 1.13 was seen to abort or to wait for ever.
constexpr rlim_t least_memory = rlim_t{1} << 30;
/// Where so many processes are allowed, nobody counts them.
constexpr rlim_t many_processes = 4096;
constexpr std::size_t most_probes = 512;

[[noreturn]] void end(const char* text) {
  if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) ::_exit(2);
  ::_exit(2);
}

std::size_t processors() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

/// What --threads says; 0 where it says nothing.
std::size_t asked_threads(int argc, char** argv) {
  constexpr char option[] = "--threads";
  constexpr std::size_t length = sizeof option - 1;
  for (int k = 1; k < argc; ++k) {
    if (std::strncmp(argv[k], option, length) != 0) continue;
    if (argv[k][length] == '=') return std::strtoul(argv[k] + length + 1, nullptr, 10);
    if (argv[k][length] == 0 && k + 1 < argc) return std::strtoul(argv[k + 1], nullptr, 10);
  }
  return 0;
}

/// Whether so many processes, which count as threads do, can be had at the same time.
bool can_start(std::size_t count) {
  pid_t started[most_probes];
  std::size_t running = 0;
  while (running < count && running < most_probes) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    if (child < 0) break;
    started[running++] = child;
  }
  for (std::size_t k = 0; k < running; ++k) {
    ::kill(started[k], SIGKILL);
    ::waitpid(started[k], nullptr, 0);
  }
  return running == count || running == most_probes;
}

void look(int argc, char** argv, char**) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < least_memory) {
    end("snnl-train: error: not enough memory: libtorch needs 1 GiB of address space; allow more (ulimit -v)\n");
  }
  if (::getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur >= many_processes) return;
  const std::size_t own = processors(), asked = asked_threads(argc, argv);
  // BLAS starts one for each processor, and so does one of libtorch's two pools before it is told otherwise.
  const std::size_t threads = asked == 0 ? own : asked;
  const std::size_t needed = (own - 1) + (std::max(own, threads) - 1) + (threads - 1);
  if (!can_start(needed)) {
    end("snnl-train: error: --threads: the system does not give libtorch so many; ask for fewer, or allow more "
        "processes (ulimit -u)\n");
  }
}

__attribute__((section(".preinit_array"), used)) void (*const before_libtorch)(int, char**, char**) = look;

}  // namespace
