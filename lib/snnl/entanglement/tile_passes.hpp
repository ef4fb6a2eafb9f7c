#pragma once

#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// The reducers: each is one pass over all pairs of a query and a sample, by tiles.
/// A weight is exp((shift - d) / T), the same shift for all sums; those of a part of a tile are made in Real, with a
/// shift of its own where samples have unequal norms (PartShifts), and added in double. A row whose sums leave the
/// range of double, or may lack what matters, is to be redone by ExactRows. `nearest` [queries] are the nearest
/// distances; where it is empty they are found on the way, which takes longer.

/// [queries] Nearest distances alone.
template <class Real>
std::vector<Nearest> nearest_pass(Tiles<Real>& tiles);

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
  std::vector<char> doubtful;  ///< [queries] whether sums may lack what matters

  const double* at(std::size_t t, std::size_t group) const { return values.data() + (t * groups + group) * queries; }
  /// Group of the row's own class.
  std::size_t own_group(std::size_t c) const { return grouping == Grouping::by_class ? c : 0; }
};

/// Gives the nearest distances in `nearest` where it was empty.
template <class Real>
WeightSums weight_sums_pass(Tiles<Real>& tiles, const std::vector<double>& temperatures, double shift,
                            Grouping grouping, std::vector<Nearest>& nearest);

/// Whether sums over the own class and over all others are in the range of double.
inline bool in_range(double same, double other) {
  using Range = kernels::ExpRange<double>;
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
std::vector<RowMass> mass_pass(Tiles<Real>& tiles, double temperature, double shift,
                               const std::vector<Nearest>& nearest);

/// out[a * classes + b] = sum over queries i of class a of share[i] * sum_{j in b} weight_ij. A share of 0 leaves the
/// query out, whatever its weights.
template <class Real>
std::vector<double> class_pass(Tiles<Real>& tiles, double temperature, double shift, const std::vector<double>& share,
                               const std::vector<Nearest>& nearest);

}  // namespace snnl::engine
