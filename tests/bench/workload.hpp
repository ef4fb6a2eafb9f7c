#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "support/data.hpp"

namespace bench {

/// Samples to search. samples.py makes the same ones, to the bit, for the dumps and the peers.
struct Workload {
  enum class Kind {
    clusters,  ///< data::clusters with this separation
    logits,    ///< unit Gaussian noise, and `separation` more for the feature of the own class; d = classes
  };
  Kind kind = Kind::clusters;
  std::size_t n = 8192;
  std::size_t d = 512;
  std::size_t classes = 10;
  double separation = .2;
  double norms = 0;  ///< each sample is scaled by exp(norms z), z of a unit Gaussian
  std::uint32_t seed = 1;

  data::Samples make() const;
};

}  // namespace bench
