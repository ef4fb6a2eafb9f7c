#include "snnl/tiles/schedule.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "snnl/parallel/stop.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::engine {

std::vector<BlockPair> tournament(std::size_t blocks) {
  std::vector<BlockPair> pairs;
  pairs.reserve(blocks * (blocks + 1) / 2);
  std::vector<std::size_t> turns(blocks, 0);
  const auto meet = [&](std::size_t a, std::size_t b) {
    if (a > b) std::swap(a, b);
    pairs.push_back({a, b, turns[a], turns[b]});
    ++turns[a];
    if (a != b) ++turns[b];
  };
  for (std::size_t b = 0; b < blocks; ++b) meet(b, b);
  // Circle method: the last seat stays, the others move on by one each round; an odd block out rests.
  const std::size_t seats = blocks + blocks % 2;
  for (std::size_t round = 0; round + 1 < seats; ++round) {
    for (std::size_t k = 0; k < seats / 2; ++k) {
      const std::size_t a = k == 0 ? seats - 1 : (round + k) % (seats - 1);
      const std::size_t b = (round + seats - 1 - k) % (seats - 1);
      if (a < blocks && b < blocks) meet(a, b);
    }
  }
  return pairs;
}

void run_schedule(const std::vector<BlockPair>& schedule, std::size_t blocks, std::size_t threads,
                  const std::function<void(const BlockPair&, std::size_t)>& task) {
  threads = std::max<std::size_t>(1, std::min(threads, schedule.size()));
  std::vector<std::atomic<std::size_t>> done(blocks);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const std::atomic<bool>* const stop = parallel::stop_flag();
  parallel::on_threads(threads, failed, [&](std::size_t worker) {
    // Tasks are taken in list order, so the one a task waits for is always already with some thread.
    const auto wait_for = [&](std::size_t block, std::size_t turn) {
      while (done[block].load(std::memory_order_acquire) != turn) {
        if (failed) return;
        std::this_thread::yield();
      }
    };
    for (std::size_t t; !failed && (t = next++) < schedule.size();) {
      const BlockPair& pair = schedule[t];
      wait_for(pair.first, pair.turn_first);
      wait_for(pair.second, pair.turn_second);
      if (failed) return;
      parallel::check_stop(stop);
      task(pair, worker);
      done[pair.first].fetch_add(1, std::memory_order_release);
      if (pair.second != pair.first) done[pair.second].fetch_add(1, std::memory_order_release);
    }
  });
}

}  // namespace snnl::engine
