#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace snnl::engine {

/// A pair of row blocks, first <= second. `turn_first` and `turn_second` count how many tasks of that block come
/// before this one.
struct BlockPair {
  std::size_t first = 0, second = 0;
  std::size_t turn_first = 0, turn_second = 0;
};

/// All unordered pairs of `blocks` blocks, each with itself first, then as a round-robin tournament: neighbours in
/// the list seldom share a block, so that several threads can take tasks from its front.
std::vector<BlockPair> tournament(std::size_t blocks);

/// Runs `task(pair, worker)` once for every pair of `schedule` on `threads` threads (>= 1). The tasks of a block run
/// one at a time and in list order, so that what they add to the block is added in the same order, and gives the
/// same bits, for any number of threads. The first exception thrown by a task is rethrown here.
void run_schedule(const std::vector<BlockPair>& schedule, std::size_t blocks, std::size_t threads,
                  const std::function<void(const BlockPair&, std::size_t worker)>& task);

}  // namespace snnl::engine
