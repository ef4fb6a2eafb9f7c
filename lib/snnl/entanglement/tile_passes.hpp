#pragma once

#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// The reducers: each is one pass over all pairs of a query and a sample, by tiles.
/// A weight is exp((shift - d) / T), the same shift for all pairs; sums of weights inside one tile are in Real, across
/// tiles in double. A row whose sums leave the range in which Real can be trusted is to be redone by ExactRows.

/// How the neighbours of a row are put into groups.
enum class Grouping {
  by_class,     ///< group c is class c
  by_sameness,  ///< group 0 is the row's own class, group 1 all others
};

/// Weights of each row's neighbours, summed by group, at several temperatures.
struct WeightSums {
  Grouping grouping = Grouping::by_sameness;
  std::size_t groups = 0;
  std::size_t queries = 0;
  std::vector<double> values;  ///< [temperatures, groups, queries]

  const double* at(std::size_t t, std::size_t group) const { return values.data() + (t * groups + group) * queries; }
  /// Group of the row's own class.
  std::size_t own_group(std::size_t c) const { return grouping == Grouping::by_class ? c : 0; }
};

/// `nearest` [queries], where not null, gets each row's nearest distances as well.
template <class Real>
WeightSums weight_sums_pass(Tiles<Real>& tiles, const std::vector<double>& temperatures, double shift,
                            Grouping grouping, std::vector<Nearest>* nearest);

/// Whether sums made in Real, over the own class and over all others, hold all terms that matter, and none was cut off.
template <class Real>
bool trusted(double same, double other) {
  using Range = kernels::ExpRange<Real>;
  return same >= Range::lowest && same <= Range::highest && other <= Range::highest;
}

/// Sums of one row at one temperature.
struct RowMass {
  double same = 0;    ///< weights of its own class
  double other = 0;   ///< weights of all other classes
  double moment = 0;  ///< sum of u 2^u over all, where 2^u is the weight
  double total() const { return same + other; }
  bool trusted = true;
};

/// [queries]
template <class Real>
std::vector<RowMass> mass_pass(Tiles<Real>& tiles, double temperature, double shift);

/// out[a * classes + b] = sum over queries i of class a of share[i] * sum_{j in b} weight_ij. A share of 0 leaves the
/// query out, whatever its weights.
template <class Real>
std::vector<double> class_pass(Tiles<Real>& tiles, double temperature, double shift, const std::vector<double>& share);

}  // namespace snnl::engine
