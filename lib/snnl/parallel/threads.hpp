#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace snnl::parallel {

/// `requested`, or the number of processors where that is 0.
std::size_t thread_count(std::size_t requested);

/// Runs `body(worker)` for worker in [0, threads), this thread being worker 0. Where the system gives fewer threads,
/// the last workers are left out: bodies take their work from what they share. Sets `failed` when a body throws, so
/// that the others can end early; the first exception is rethrown here.
void on_threads(std::size_t threads, std::atomic<bool>& failed, const std::function<void(std::size_t worker)>& body);

/// Runs `task(index, worker)` once for each index in [0, count), in any order, on at most `threads` threads.
/// The first exception thrown by a task is rethrown here.
void run_parallel(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t index, std::size_t worker)>& task);

/// Runs `task(begin, end)` for consecutive stretches that cover [0, count), each of `stretch` but for the last.
void run_stretches(std::size_t count, std::size_t stretch, std::size_t threads,
                   const std::function<void(std::size_t begin, std::size_t end)>& task);

}  // namespace snnl::parallel
