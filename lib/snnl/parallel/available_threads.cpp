#include "snnl/parallel/available_threads.hpp"

#include <condition_variable>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "snnl/error.hpp"

namespace snnl::parallel {

void need_threads(std::size_t threads) {
  std::mutex mutex;
  std::condition_variable changed;
  bool counted = false;
  std::vector<std::thread> others;
  others.reserve(threads);
  const auto wait = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return counted; });
  };
  try {
    while (others.size() + 1 < threads) others.emplace_back(wait);
  } catch (const std::system_error&) {
  } catch (const std::bad_alloc&) {
  }
  const std::size_t count = others.size() + 1;
  {
    const std::lock_guard lock(mutex);
    counted = true;
  }
  changed.notify_all();
  for (std::thread& thread : others) thread.join();
  if (count >= threads) return;
  throw Error("--threads", "the system gives " + std::to_string(count) + " of " + std::to_string(threads) + " threads",
              "ask for fewer");
}

}  // namespace snnl::parallel
