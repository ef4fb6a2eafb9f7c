#pragma once

#include <chrono>
#include <functional>

namespace analyze {

/// Says when it is time to write what is done so far: so seldom that writing takes a twentieth of the time at most.
class CheckpointClock {
 public:
  /// Calls `write` where it is time.
  void maybe(const std::function<void()>& write) {
    const auto start = Clock::now();
    if (start < next_) return;
    write();
    const auto end = Clock::now();
    next_ = end + 20 * (end - start);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point next_ = Clock::now();
};

}  // namespace analyze
