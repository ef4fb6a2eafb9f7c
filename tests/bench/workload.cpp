#include "workload.hpp"

#include <stdexcept>

namespace bench {

data::Samples Workload::make() const {
  if (kind == Kind::clusters) return data::clusters(n, d, classes, separation, seed);
  if (d != classes) throw std::invalid_argument("logits have as many features as classes");
  data::Samples samples = data::clusters(n, d, classes, 0, seed);
  for (std::size_t i = 0; i < n; ++i) {
    samples.x(i, static_cast<std::size_t>(samples.y[i])) += static_cast<float>(separation);
  }
  return samples;
}

}  // namespace bench
