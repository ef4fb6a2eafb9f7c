#pragma once

#include <cstddef>
#include <functional>

namespace snnl::parallel {

/// One thread hands out work, several do it. `fill(slot)` is only ever called on the calling thread: it puts the next
/// piece of work into `slot` and returns true, or returns false when there is none left. `work(slot, worker)` does what
/// is in the slot, on one of at most `threads` threads (>= 1), of which the calling one is worker 0: it works whenever
/// no slot is free. There are `slots` slots (>= 1), which bounds what is in flight.
///
/// The exception rethrown is that of the earliest piece of work, the one that a single thread would have met, however
/// many threads there are.
void run_pipeline(std::size_t slots, std::size_t threads, const std::function<bool(std::size_t slot)>& fill,
                  const std::function<void(std::size_t slot, std::size_t worker)>& work);

}  // namespace snnl::parallel
