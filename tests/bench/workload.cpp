#include "workload.hpp"

#include <cmath>
#include <stdexcept>

namespace bench {

namespace {

/// Draws of their own, so that the samples before are those of equal norms.
void scale_norms(double width, std::uint32_t seed, data::Samples& samples) {
  if (width == 0) return;
  constexpr std::uint32_t other_seed = 1000;
  const data::Samples draws = data::clusters(samples.x.shape(0), 1, 1, 0, seed + other_seed);
  for (std::size_t i = 0; i < samples.x.shape(0); ++i) {
    const auto scale = static_cast<float>(std::exp(width * static_cast<double>(draws.x(i, 0))));
    for (std::size_t f = 0; f < samples.x.shape(1); ++f) samples.x(i, f) *= scale;
  }
}

}  // namespace

data::Samples Workload::make() const {
  if (kind == Kind::clusters) {
    data::Samples samples = data::clusters(n, d, classes, separation, seed);
    scale_norms(norms, seed, samples);
    return samples;
  }
  if (d != classes) throw std::invalid_argument("logits have as many features as classes");
  data::Samples samples = data::clusters(n, d, classes, 0, seed);
  for (std::size_t i = 0; i < n; ++i) {
    samples.x(i, static_cast<std::size_t>(samples.y[i])) += static_cast<float>(separation);
  }
  return samples;
}

}  // namespace bench
