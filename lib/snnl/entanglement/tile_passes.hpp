#pragma once

#include <cstddef>
#include <vector>

#include "snnl/distance/points.hpp"
#include "snnl/entanglement/exact_rows.hpp"

namespace snnl {

/// The reducers: each is one pass over all pairs of `rows`, the whole of `points`, by tiles.
/// A weight is exp((shift - d) / T), the same shift for all pairs; sums of weights inside one tile are in Real, across
/// tiles in double. A row whose sums leave the range in which Real can be trusted is marked by a NaN, to be redone by
/// ExactRows; a row that is not scored holds 0.

/// out[t * n + i] = l_i(T_t), or NaN. `nearest` [n], where not null, gets each row's nearest distances as well.
template <class Real>
std::vector<double> loss_pass(const Points& points, const RowSet<Real>& rows, const std::vector<double>& temperatures,
                              double shift, std::size_t threads, std::vector<Nearest>* nearest);

/// Sums of one row at one temperature.
struct RowMass {
  double same = 0;    ///< weights of its own class
  double other = 0;   ///< weights of all other classes
  double moment = 0;  ///< sum of u 2^u over all, where 2^u is the weight
  double total() const { return same + other; }
  bool trusted = true;
};

/// [n]
template <class Real>
std::vector<RowMass> mass_pass(const Points& points, const RowSet<Real>& rows, double temperature, double shift,
                               std::size_t threads);

/// out[a * classes + b] = sum over trusted rows i of class a of (sum_{j in b} weight_ij) / total_i, for the masses
/// that mass_pass found at the same temperature and shift.
template <class Real>
std::vector<double> class_pass(const Points& points, const RowSet<Real>& rows, double temperature, double shift,
                               const std::vector<RowMass>& masses, std::size_t threads);

}  // namespace snnl
