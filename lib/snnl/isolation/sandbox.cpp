// The macros of libseccomp are written for C.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc99-extensions"
#pragma clang diagnostic ignored "-Wsign-conversion"
#pragma clang diagnostic ignored "-Wmissing-field-initializers"
#pragma clang diagnostic ignored "-Wold-style-cast"
#endif

#include "snnl/isolation/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "snnl/isolation/descriptor.hpp"

#if defined(SNNL_HAS_SECCOMP)
#include <seccomp.h>
#endif

namespace snnl::isolation {
namespace {

// As of Linux 6.12; older headers know fewer of its fields.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

constexpr std::uint64_t bits(int count) { return (std::uint64_t{1} << count) - 1; }

// All that the system's version of Landlock can forbid.
Ruleset all_of(long version) {
  Ruleset all;
  all.files = bits(version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13);
  if (version >= 4) all.network = bits(2);  // bind, connect
  if (version >= 6) all.scopes = bits(2);   // abstract sockets, signals
  return all;
}

void allow(int ruleset, const std::string& path) {
  const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat info {};
  if (!place || ::fstat(place.get(), &info) != 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  if (S_ISDIR(info.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = place.get();
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

std::vector<std::string> places_in(const char* variable) {
  std::vector<std::string> places;
  const char* const value = std::getenv(variable);
  std::istringstream list(value == nullptr ? "" : value);
  for (std::string place; std::getline(list, place, ':');) {
    if (!place.empty()) places.push_back(place);
  }
  return places;
}

}  // namespace

void give_up_privileges() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

bool allow_files(const std::vector<std::string>& files) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const Ruleset all = all_of(version);
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const Descriptor ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &all, size, 0)));
  if (!ruleset) return false;
  for (const std::string& file : files) allow(ruleset.get(), file);
  for (const char* place : {"/usr", "/lib", "/lib64", "/etc/ld.so.cache"}) allow(ruleset.get(), place);
  for (const char* variable : {"HDF5_PLUGIN_PATH", "LD_LIBRARY_PATH"}) {
    for (const std::string& place : places_in(variable)) allow(ruleset.get(), place);
  }
  return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

MemoryLimit::MemoryLimit() : statistics_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {}

void MemoryLimit::allow(std::size_t bytes) {
  if (bytes == bytes_) return;
  char text[256] = {};
  rlimit limit{};
  if (!statistics_ || ::pread(statistics_.get(), text, sizeof text - 1, 0) <= 0 ||
      ::getrlimit(RLIMIT_DATA, &limit) != 0) {
    return;
  }
  unsigned long long pages[6] = {};  // the last: data and stacks
  if (std::sscanf(text, "%llu %llu %llu %llu %llu %llu", pages, pages + 1, pages + 2, pages + 3, pages + 4,
                  pages + 5) != 6) {
    return;
  }
  bytes_ = bytes;
  const rlim_t wanted = pages[5] * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + bytes;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || wanted < limit.rlim_max ? wanted : limit.rlim_max;
  ::setrlimit(RLIMIT_DATA, &limit);
}

#if defined(SNNL_HAS_SECCOMP)

namespace {

/// What reading a file in a process of its own needs, whatever the arguments.
const int allowed_calls[] = {
    // files that are open, and looking at names
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(lseek), SCMP_SYS(_llseek),
    SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat),
    SCMP_SYS(lstat64), SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(access),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
    SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(fstatfs), SCMP_SYS(statfs), SCMP_SYS(flock), SCMP_SYS(fadvise64),
    // the socket
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(send), SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom), SCMP_SYS(recv), SCMP_SYS(poll), SCMP_SYS(ppoll),
    // memory
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect),
    SCMP_SYS(madvise), SCMP_SYS(mincore), SCMP_SYS(membarrier),
    // threads
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu), SCMP_SYS(exit), SCMP_SYS(exit_group),
    // signals of its own
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn),
    SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
    // time, identity, limits
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getpid),
    SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit), SCMP_SYS(setrlimit), SCMP_SYS(ugetrlimit),
#if defined(SNNL_SANITIZED)
    SCMP_SYS(pipe2),  // a sanitizer finds by it whether memory can be read
#endif
};

/// Rules being added to a filter.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}
  /// Whether all of them were taken.
  bool are_well() const { return well_; }

  void allow(int call) {
    if (call < 0) return;  // of other processors
    well_ = well_ && ::seccomp_rule_add(filter_, SCMP_ACT_ALLOW, call, 0) == 0;
  }
  void allow_if(int call, scmp_arg_cmp condition) {
    if (call < 0) return;
    well_ = well_ && ::seccomp_rule_add_array(filter_, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
  }
  /// Of calls whose arguments lie in memory and cannot be looked at: the C library does without them then.
  void deny(int call) { well_ = well_ && ::seccomp_rule_add(filter_, SCMP_ACT_ERRNO(ENOSYS), call, 0) == 0; }

 private:
  scmp_filter_ctx filter_;
  bool well_ = true;
};

void allow_by_arguments(Rules& rules) {
  constexpr scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
  rules.allow_if(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
  rules.allow_if(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY));
  rules.allow_if(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  // Not the one that has signals sent to another process.
  for (const scmp_datum_t command :
       {F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_GETLK, F_SETLK, F_SETLKW, F_OFD_SETLK}) {
    rules.allow_if(SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, command));
    rules.allow_if(SCMP_SYS(fcntl64), SCMP_A1(SCMP_CMP_EQ, command));
  }
  const auto self = static_cast<scmp_datum_t>(::getpid());
  rules.allow_if(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, self));
  rules.allow_if(SCMP_SYS(prlimit64), SCMP_A0(SCMP_CMP_EQ, 0));
  rules.allow_if(SCMP_SYS(prctl), SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
}

}  // namespace

SystemCallFilter::SystemCallFilter() {
  filter_ = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter_ == nullptr) return;
  Rules rules(filter_);
  for (const int call : allowed_calls) rules.allow(call);
  // What a first request still needs, and what only ever takes away.
  for (const long call : {SYS_landlock_create_ruleset, SYS_landlock_add_rule, SYS_landlock_restrict_self}) {
    rules.allow(static_cast<int>(call));
  }
  allow_by_arguments(rules);
  rules.deny(SCMP_SYS(clone3));
  rules.deny(SCMP_SYS(openat2));
  if (!rules.are_well()) {
    ::seccomp_release(filter_);
    filter_ = nullptr;
    return;
  }
  ::seccomp_attr_set(filter_, SCMP_FLTATR_CTL_NNP, 0);  // set before
}

SystemCallFilter::~SystemCallFilter() {
  if (filter_ != nullptr) ::seccomp_release(filter_);
}

bool SystemCallFilter::apply() { return filter_ != nullptr && ::seccomp_load(filter_) == 0; }

#else

SystemCallFilter::SystemCallFilter() = default;
SystemCallFilter::~SystemCallFilter() = default;
bool SystemCallFilter::apply() { return false; }

#endif

}  // namespace snnl::isolation
