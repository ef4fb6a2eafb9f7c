#pragma once

#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// Sums over all pairs, of which the gradient consists. With P and Q the neighbour probabilities of i among all samples
/// and in its own class, W_ij = P_ij - Q_ij of scored rows, else 0, and S = W + W^T:
template <class Real>
struct GradientSums {
  memory::Buffer<Real> products;  ///< [n, stride] sum_j S_ij x_j
  std::size_t stride = 0;         ///< the features, filled up
  std::vector<double> row_sums;   ///< [n] sum_j S_ij
  double moment = 0;              ///< sum_ij W_ij d_ij, as sum_ij W_ij (d_ij - z_i)
};

/// The gradient's reducer: one pass over all pairs. `nearest` [n] is that of soft_nearest; everything in the engine's
/// order and units.
///
/// P_ij = exp((z_i - d_ij) / T) with z_i the soft distance to all samples; with those to its own class, s_i, and to the
/// others, o_i, Q_ij - P_ij = exp((z_i + s_i - o_i - d_ij) / T): one exponential each, and no cancellation.
template <class Real>
GradientSums<Real> gradient_pass(Tiles<Real>& tiles, double temperature, const std::vector<Nearest>& nearest);

}  // namespace snnl::engine
