#pragma once

#include <atomic>

#include "snnl/stop.hpp"

namespace snnl::parallel {

/// While it lives, what this thread runs in parallel (run_parallel, run_stretches, run_schedule) ends with Stopped soon
/// after `*flag` is set. Null: nothing stops it.
class StopScope {
 public:
  explicit StopScope(const std::atomic<bool>* flag);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  const std::atomic<bool>* before_;
};

/// The flag of this thread, or null. For what hands work to other threads.
const std::atomic<bool>* stop_flag();

/// Throws Stopped where `flag` is set.
inline void check_stop(const std::atomic<bool>* flag) {
  if (flag && flag->load(std::memory_order_relaxed)) throw Stopped();
}

}  // namespace snnl::parallel
