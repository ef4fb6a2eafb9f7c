#include "common/start.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <exception>
#include <new>

#include "common/last_words.hpp"
#include "common/tool.hpp"
#include "snnl/files/temporary_files.hpp"
#include "snnl/memory/room.hpp"

namespace tool {
namespace {

constexpr const char* no_memory = "not enough memory; take a smaller part of the input, or allow more";

/// Opened the wrong way round: using them must fail, as it did while they were closed.
void take_standard_descriptors() {
  constexpr int wrong_way[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest free number is taken: those below are open.
    if (::open("/dev/null", wrong_way[number]) != number) ::_exit(unusable);
  }
}

/// Without so much a tool does nothing, and HDF5 does not survive being started.
constexpr std::size_t least_memory = std::size_t{8} << 20;

/// Takes room on the stack while there is memory: where that has run out, the system kills whatever needs more stack.
__attribute__((noinline)) void reserve_stack() {
  volatile char room[256 * 1024];
  for (std::size_t k = 0; k < sizeof room; k += 1024) room[k] = 0;
}

/// For exceptions that leave a thread or a destructor, or come before main.
[[noreturn]] void end_unexpectedly() noexcept {
  snnl::files::remove_temporary_files();
  try {
    if (const std::exception_ptr error = std::current_exception()) std::rethrow_exception(error);
    last_words("ended unexpectedly");
  } catch (const std::bad_alloc&) {
    last_words(no_memory);
  } catch (const std::exception& e) {
    last_words(e.what());
  } catch (...) {
    last_words("ended unexpectedly");
  }
  ::_exit(unusable);
}

/// Before all objects that are made before main.
__attribute__((constructor(101))) void expect_the_unexpected() { std::set_terminate(end_unexpectedly); }

}  // namespace

int run_main(const char* name, const std::function<int()>& body) noexcept {
  take_standard_descriptors();
  set_tool_name(name);
  if (!snnl::memory::has_room(least_memory)) {
    last_words(no_memory);
    return unusable;
  }
  reserve_stack();
  tell_failed_writes();
  try {
    return body();
  } catch (const std::bad_alloc&) {
    last_words(no_memory);
  } catch (const std::exception& e) {
    try {
      print_error(name, e.what());
    } catch (const std::exception&) {
      last_words(no_memory);
    }
  }
  return unusable;
}

}  // namespace tool
