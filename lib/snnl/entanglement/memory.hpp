#pragma once

#include <cstddef>

namespace snnl::engine {

/// What decides how much memory one entanglement takes.
struct WorkSize {
  std::size_t samples = 0, features = 0, classes = 0;
  std::size_t queries = 0;  ///< 0: every sample
  std::size_t threads = 1;
};

/// Whether a pass at this many temperatures sums the weights by class. That gives the class similarity without another
/// pass, and is done while the sums are small beside the samples, and the classes so few, or the samples so many that
/// distances cannot be kept for the other pass, that it is the faster way. A bound on memory does not change this, nor
/// any number. `queries`: 0 for every sample.
bool sums_by_class(std::size_t temperatures, std::size_t classes, std::size_t samples, std::size_t queries);

struct MemoryPlan {
  std::size_t least = 0;  ///< bytes the computation takes at the least, beside the activations themselves
  std::size_t keep = 0;   ///< bytes of tiles that may be kept between passes
};

/// The plan for working memory of at most `bytes`, beside the activations; 0: without a bound. `least`, an estimate
/// from above, may be more than `bytes`: it cannot be done then.
MemoryPlan plan_memory(const WorkSize& size, std::size_t bytes);

}  // namespace snnl::engine
