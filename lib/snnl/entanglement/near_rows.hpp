#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/profile.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// A neighbour of a query, and how far it is.
template <class Real>
struct NearNeighbor {
  std::uint32_t index = 0;  ///< the engine's row
  Real distance = 0;
};

/// At a low temperature few neighbours of a query weigh anything, whatever its norm: those within `window` of its
/// nearest one of the own class, of that class, and within `window` of its nearest one, of the others. [queries] these,
/// in an order that depends on nothing but the data. `nearest` [queries] are the nearest distances as a pass in Real
/// finds them.
template <class Real>
std::vector<std::vector<NearNeighbor<Real>>> near_pass(Tiles<Real>& tiles, const std::vector<Nearest>& nearest,
                                                       double window);

/// How far beyond the nearest one a neighbour weighs nothing at this temperature, even if all are that far.
double near_window(double temperature);

/// Everything at one temperature, by near_pass at its window. The rows `exact` [queries] marks, where it is not empty,
/// are done again in double.
template <class Real>
PointDetails near_details(Tiles<Real>& tiles, const std::vector<Nearest>& nearest, double temperature,
                          const std::vector<char>& exact, std::size_t threads);

}  // namespace snnl::engine
