#include "snnl/parallel/threads.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "snnl/parallel/stop.hpp"

namespace snnl::parallel {

std::size_t thread_count(std::size_t requested) {
  if (requested > 0) return requested;
  return std::max(1u, std::thread::hardware_concurrency());
}

void on_threads(std::size_t threads, std::atomic<bool>& failed, const std::function<void(std::size_t)>& body) {
  std::exception_ptr error;
  std::mutex error_mutex;
  const auto guarded = [&](std::size_t worker) {
    try {
      body(worker);
    } catch (...) {
      const std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
      failed = true;
    }
  };
  std::vector<std::thread> others;
  others.reserve(threads - 1);
  for (std::size_t w = 1; w < threads; ++w) {
    try {
      others.emplace_back(guarded, w);
    } catch (const std::system_error&) {
      break;  // the system gives no more threads; those there are do the work
    } catch (const std::bad_alloc&) {
      break;  // likewise: what is running has to be waited for
    }
  }
  guarded(0);
  for (auto& t : others) t.join();
  if (error) std::rethrow_exception(error);
}

void run_parallel(std::size_t count, std::size_t threads, const std::function<void(std::size_t, std::size_t)>& task) {
  threads = std::max<std::size_t>(1, std::min(threads, count));
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const std::atomic<bool>* const stop = stop_flag();
  on_threads(threads, failed, [&](std::size_t worker) {
    for (std::size_t i; !failed && (i = next++) < count;) {
      check_stop(stop);
      task(i, worker);
    }
  });
}

void run_stretches(std::size_t count, std::size_t stretch, std::size_t threads,
                   const std::function<void(std::size_t, std::size_t)>& task) {
  run_parallel((count + stretch - 1) / stretch, threads,
               [&](std::size_t k, std::size_t) { task(k * stretch, std::min(count, (k + 1) * stretch)); });
}

}  // namespace snnl::parallel
