#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "snnl/isolation/channel.hpp"
#include "snnl/isolation/launcher.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/slot.hpp"

namespace snnl::isolation {

/// A reading process has died, or was ended.
struct Death {
  Place place;          ///< what it was at; `file` beyond the files asked for: at none
  std::string why;      ///< what is wrong with that, as the end of a sentence about it
  std::string advice;   ///< what to do; empty where it is damaged
  bool damaged = true;  ///< whether that is the file's fault
  bool took_long = false;
};

/// One reading process, seen from the one that it reads for.
class Worker {
 public:
  explicit Worker(std::shared_ptr<Launcher> launcher);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// `on_wait` is called now and then while there is no answer; what it throws ends the process. All throw Death.
  void ask(Kind kind, const std::string& bytes);
  Message answer(const Tick& on_wait);
  void receive(void* data, std::size_t size, const Tick& on_wait);
  /// Ends it for an answer that makes no sense, and throws what came of it.
  [[noreturn]] void fail_senseless();

 private:
  template <class Work>
  auto watched(const Tick& on_wait, const Work& work);
  void look_at_progress();
  Death died(const std::string& why = "");

  std::shared_ptr<Launcher> launcher_;
  Launcher::Child child_;
  std::uint64_t progress_ = 0;
  std::optional<std::chrono::nanoseconds> busy_at_progress_;
  std::size_t idle_ticks_ = 0;
};

}  // namespace snnl::isolation
