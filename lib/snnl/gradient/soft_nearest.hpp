#pragma once

#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// [n] -T log sum exp(-d_ij / T) over the samples of i's own class, and over all others; +infinity where there are
/// none. One pass over all pairs; rows whose sums Real cannot hold are done in double. `temperature` in the engine's
/// units.
template <class Real>
std::vector<Nearest> soft_nearest(Tiles<Real>& tiles, double temperature);

}  // namespace snnl::engine
