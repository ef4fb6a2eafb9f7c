#pragma once

#include <cstddef>

namespace snnl {

/// What decides how much memory one entanglement takes.
struct WorkSize {
  std::size_t samples = 0, features = 0, classes = 0;
  std::size_t queries = 0;  ///< 0: every sample
  std::size_t threads = 1;
};

/// How much of it goes to what can be had with less.
struct MemoryPlan {
  std::size_t least = 0;     ///< bytes it takes at the very least, beside the activations themselves
  std::size_t by_class = 0;  ///< bytes that sums by class may take; if these are more, another pass makes up for them
  std::size_t keep = 0;      ///< bytes of tiles that may be kept between passes
};

/// The plan for working memory of at most `bytes`, beside the activations; 0: without a bound. `least` may be more than
/// `bytes`: it cannot be done then. The estimate is from above.
MemoryPlan plan_memory(const WorkSize& size, std::size_t bytes);

}  // namespace snnl
