#pragma once

#include <sys/types.h>

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "snnl/isolation/descriptor.hpp"
#include "snnl/isolation/slot.hpp"

namespace snnl::isolation {

/// Starts processes without the dangers of forking among threads: a process of its own, forked while there are none
/// yet, forks them when it is asked to. Nobody outlives it: when this object goes, or the process that made it dies,
/// however it dies, they are killed. Safe for use from several threads.
class Launcher {
 public:
  /// What a started process runs; the process ends when it returns. It holds no descriptors but `socket`, and 0 to 2,
  /// which lead nowhere.
  using Serve = void (*)(int socket, Slot& slot);

  /// To be made before there are threads. Throws snnl::Error where the system gives no process.
  explicit Launcher(Serve serve);
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  struct Child {
    Descriptor socket;
    pid_t pid = -1;
    std::size_t slot = 0;
  };
  /// Throws snnl::Error where there is no process to be had.
  Child start();
  const Slot& slot(const Child& child) const { return slots_[child.slot].slot; }
  /// Kills it where it has not ended, and gives its wait status; -1 where that cannot be told.
  int end(Child& child);

 private:
  struct alignas(4096) Page {
    Slot slot;
  };
  static constexpr std::size_t most_children = 256;

  void ask_for_one();

  Page* slots_ = nullptr;
  Descriptor socket_;
  pid_t pid_ = -1;
  std::mutex mutex_;
  std::vector<bool> taken_;
  Child asked_for_;  // a process that was asked for, and not answered for yet
};

}  // namespace snnl::isolation
