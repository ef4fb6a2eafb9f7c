#pragma once

#include <cstddef>
#include <vector>

#include "snnl/distance/points.hpp"
#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/tile_passes.hpp"

namespace snnl {

/// What is reported at one temperature, in the order of the engine's rows.
struct PointDetails {
  std::vector<double> losses;  ///< [n] l_i, NaN where not scored
  double effective_neighbors = 0;
  std::vector<double> class_similarity;  ///< [classes * classes]; rows of empty classes hold NaN
};

/// The neighbourhoods of all rows at a handful of temperatures, exact over all pairs. Between them everything that is
/// reported is a smooth function of log T and is interpolated, each row by itself, by the polynomial through them.
struct Profile {
  std::vector<double> temperatures;  ///< [k]
  std::vector<double> octaves;       ///< [k] log2 of them
  std::vector<double> losses;        ///< [k, n] l_i; 0 where not scored
  std::vector<double> log_masses;    ///< [k, n] log sum_j exp((m_i - d_ij) / T), m_i the nearest distance of i
  std::vector<double> similarity;    ///< [k, classes, classes] sums over the safe rows; empty if not grouped by class
  std::vector<std::size_t> unsafe;   ///< rows whose sums could not be trusted at some temperature
  std::vector<double> means;         ///< [k] mean loss over the scored rows, the unsafe ones done again in double
  bool in_double = false;
};

/// From the sums of one pass at `temperatures` with `shift`.
template <class Real>
Profile make_profile(const Points& points, const WeightSums& sums, const std::vector<double>& temperatures,
                     double shift, const std::vector<Nearest>& nearest, std::size_t threads);

/// At a temperature between those of the profile. The unsafe rows are evaluated there, exactly. class_similarity is
/// left empty where the profile has none.
PointDetails interpolate(const Points& points, const Profile& profile, double temperature, std::size_t threads);

/// [n] 1 / sum_j exp((shift - d_ij) / T) between the temperatures of the profile; 0 for unsafe rows.
std::vector<double> inverse_masses(const Profile& profile, const std::vector<Nearest>& nearest, double temperature,
                                   double shift);

/// Divides each row of the [classes, classes] matrix by its sum; a row of zeros becomes NaN.
void normalise_rows(std::vector<double>& matrix, std::size_t classes);

/// Adds the class shares of `rows`, evaluated exactly at `temperature`, to the sums in `similarity`, their losses to
/// `losses`, and returns the sum of their effective neighbours.
double add_exact_rows(const Points& points, const std::vector<std::size_t>& rows, double temperature,
                      std::size_t threads, std::vector<double>& losses, std::vector<double>& similarity);

}  // namespace snnl
