#include "support/run.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace run {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& action) {
  throw std::runtime_error("run: could not " + action + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int id = -1) : id_(id) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  int get() const { return id_; }
  void close() {
    if (id_ >= 0) ::close(std::exchange(id_, -1));
  }

 private:
  int id_;
};

/// Two ends of a stream: the test reads from one, the program writes to the other.
struct Channel {
  Descriptor read, write;
};

Channel make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Channel make_terminal() {
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (master.get() < 0 || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) fail("make a terminal");
  Descriptor slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (slave.get() < 0) fail("open a terminal");
  const winsize size{24, 80, 0, 0};
  ::ioctl(slave.get(), TIOCSWINSZ, &size);
  return {std::move(master), std::move(slave)};
}

std::vector<std::string> environment_of(const Options& options) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : options.environment) replaced |= text.rfind(name + "=", 0) == 0;
    if (!replaced) all.push_back(text);
  }
  for (const auto& [name, value] : options.environment) {
    if (!value.empty()) all.push_back(name + "=" + value);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// In the child: whatever fails here ends it with 127, as in a shell.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* environment, const Options& options,
                         int out, int err) {
  const auto give_up = [](const char* action) {
    const char* text = std::strerror(errno);
    for (const char* part : {"run: ", action, ": ", text, "\n"}) {
      if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
    }
    ::_exit(127);
  };
  const int in = ::open("/dev/null", O_RDONLY);
  if (::dup2(in, STDIN_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0) {
    give_up("redirect");
  }
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) give_up("change folder");
  if (options.unprivileged && ::geteuid() == 0 &&
      (::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) != 0 ||
       ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0) != 0)) {
    give_up("give up root's rights");
  }
  ::execve(path, arguments, environment);
  give_up(path);
  ::_exit(127);
}

/// Takes what is there; whether more may come.
bool take(const Descriptor& from, std::string& to) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
  // A terminal says EIO where a pipe says 0.
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

Result program(const std::string& program, const std::vector<std::string>& arguments, const Options& options) {
  const std::string path = program.find('/') == std::string::npos ? std::string(SNNL_BIN_DIR) + "/" + program : program;
  std::vector<std::string> argument_texts{path};
  argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment_texts = environment_of(options);
  const std::vector<char*> argv = pointers(argument_texts), envp = pointers(environment_texts);

  Channel out = make_pipe();
  Channel err = options.terminal ? make_terminal() : make_pipe();
  if (!options.standard_output.empty()) {
    out.write = Descriptor(::open(options.standard_output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    if (out.write.get() < 0) fail("open " + options.standard_output.string());
  }
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child == 0) become(path.c_str(), argv.data(), envp.data(), options, out.write.get(), err.write.get());
  out.write.close();
  err.write.close();

  Result result;
  const auto deadline = Clock::now() + options.limit;
  const auto left = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  };
  std::array<pollfd, 2> waiting{{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
  while ((waiting[0].fd >= 0 || waiting[1].fd >= 0) && left() > 0) {
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(left())) < 0 && errno != EINTR) break;
    if (waiting[0].revents != 0 && !take(out.read, result.out)) waiting[0].fd = -1;
    if (waiting[1].revents != 0 && !take(err.read, result.err)) waiting[1].fd = -1;
  }

  int status = 0;
  rusage usage{};
  pid_t ended = 0;
  while ((ended = ::wait4(child, &status, WNOHANG, &usage)) == 0 && left() > 0) ::usleep(1000);
  if (ended == 0) {
    ::kill(child, SIGKILL);
    ::wait4(child, &status, 0, &usage);
    throw std::runtime_error("run: " + path + " did not end within " + std::to_string(options.limit.count()) + " ms");
  }
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.peak_kib = static_cast<std::size_t>(usage.ru_maxrss);
  return result;
}

bool has_terminals() {
  try {
    make_terminal();
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace run
