#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "snnl/entanglement.hpp"
#include "snnl/points/points.hpp"

namespace snnl::engine {

/// Draws of `size` of the samples, without replacement, as few as hold every sample: as many as n / size where that is
/// whole, when they are disjoint, else one more, of which some share samples. Each class has its share of each draw, to
/// within one sample. [draws][size] samples, ascending. Depends on `seed` alone. `classes` [n] in [0, count), size <=
/// n.
std::vector<std::vector<std::size_t>> stratified_draws(std::span<const std::int32_t> classes, std::size_t count,
                                                       std::size_t size, std::uint64_t seed);

/// Throws snnl::Error where neighbourhoods of `size` cannot be drawn of n samples, or hold less than two of each class.
void check_neighborhood(std::size_t size, std::size_t n, std::size_t classes);

/// The entanglement of one draw.
struct DrawnEntanglement {
  Entanglement result;
  /// [size] What the draw's entanglement changes by with the weight of each of its samples, as one that is scored and
  /// as a neighbour of others, times the number of scored samples:  l_i - l + sum_j (p_ji - q_ji) over scored j, with q
  /// the neighbour probabilities in the own class.
  std::vector<double> influence;
};

/// [n], in the caller's order; `losses` [n] in the engine's.
std::vector<double> influences(const Points& points, const std::vector<double>& losses, double mean, double temperature,
                               std::size_t threads);

/// That of `samples` with `classes`.
using ComputeDraw = std::function<DrawnEntanglement(const SampleMatrix& samples, std::span<const std::int32_t> classes,
                                                    const EntanglementOptions& options)>;

/// Means over draws of options.neighborhood samples; `result` has the sizes and classes of all samples, and gets the
/// rest. `classes` [n] are places in result.classes. The standard error is the infinitesimal jackknife's: the square
/// root of the sum over samples of the square of their influence on the mean, less the mean of their class (B. Efron,
/// "Jackknife-after-bootstrap standard errors and influence functions", 1992). Does not depend on `threads`.
void average_draws(const SampleMatrix& samples, std::span<const std::int32_t> classes,
                   const EntanglementOptions& options, std::size_t threads, Entanglement& result,
                   const ComputeDraw& compute);

}  // namespace snnl::engine
