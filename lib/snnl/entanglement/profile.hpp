#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/entanglement/tile_passes.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"

namespace snnl::engine {

/// What is reported at one temperature.
struct PointDetails {
  std::vector<double> losses;  ///< [queries] l_i, NaN where not scored
  double effective_neighbors = 0;
  std::vector<double> class_similarity;  ///< [classes * classes]; rows of empty classes hold NaN
  bool in_double = false;                ///< whether double arithmetic made them, else float
};

/// The neighbourhoods of all queries at a handful of temperatures, exact over all pairs. Between them everything that
/// is reported is a smooth function of log T and is interpolated, each row by itself, by the polynomial through them.
struct Profile {
  std::vector<double> temperatures;  ///< [k]
  std::vector<double> octaves;       ///< [k] log2 of them
  std::vector<double> losses;        ///< [k, queries] l_i; 0 where not scored
  std::vector<double> log_masses;    ///< [k, queries] log sum_j exp((m_i - d_ij) / T), m_i the offset of i
  std::vector<double> similarity;   ///< [k, classes, classes] sums over the safe queries; empty if not grouped by class
  std::vector<std::size_t> unsafe;  ///< queries whose sums could not be trusted at some temperature
  std::vector<double> means;        ///< [k] mean loss of the scored samples, unsafe queries done again in double
  std::vector<double> errors;       ///< [k] how much the means may be wrong, as far as that was judged
  bool in_double = false;

  /// Leaves out all but the first so many temperatures, which go to `beyond`.
  void keep_first(std::size_t count, std::size_t classes);
  struct Beyond {
    double temperature = 0, mean = 0, error = 0;
  };
  std::vector<Beyond> beyond;  ///< of temperatures that the same pass evaluated, outside of those above
};

/// From the sums of one pass at `temperatures` with `shift`. `offsets` [queries] are what the log masses are relative
/// to: about the nearest distances. Queries that are marked in `exact` [queries], where that is not empty, are done
/// again in double like those whose sums cannot be trusted.
template <class Real>
Profile make_profile(const Points& points, const Queries& queries, const WeightSums& sums,
                     const std::vector<double>& temperatures, double shift, const std::vector<double>& offsets,
                     const std::vector<char>& exact, std::size_t threads);

/// How well the polynomial through the profile's temperatures follows the losses at one between them, row by row: by
/// how much the outermost two matter.
struct InterpolationError {
  double mean = 0;                  ///< of that over the scored samples, but for:
  std::vector<std::size_t> unsafe;  ///< queries that it does not follow, and those that are unsafe anyway, ascending
};
InterpolationError interpolation_error(const Points& points, const Queries& queries, const Profile& profile,
                                       double temperature, std::size_t threads);

/// At a temperature between those of the profile. `unsafe` are the queries to be evaluated there, exactly.
/// class_similarity is left empty where the profile has none, or has it of other queries.
PointDetails interpolate(const Points& points, const Queries& queries, const Profile& profile, double temperature,
                         const std::vector<std::size_t>& unsafe, std::size_t threads);

/// [queries] 1 / sum_j exp((shift - d_ij) / T) between the temperatures of the profile; 0 for `unsafe` ones.
std::vector<double> inverse_masses(const Profile& profile, const std::vector<double>& offsets, double temperature,
                                   double shift, const std::vector<std::size_t>& unsafe);

/// Divides each row of the [classes, classes] matrix by its sum; a row of zeros becomes NaN.
void normalise_rows(std::vector<double>& matrix, std::size_t classes);

/// Mean over the scored samples of what `losses` [queries] says of them: each query stands for its class.
double mean_over_scored(const Points& points, const Queries& queries, const double* losses);

/// Mean over all samples of `values` [queries].
double mean_over_all(const Points& points, const Queries& queries, const std::vector<double>& values);

/// Evaluates `some` of the queries exactly at `temperature`: adds their class shares to the sums in `similarity`
/// (unless that is empty) and sets their places in `losses` and `effective` [queries].
void set_exact_rows(const Points& points, const Queries& queries, const std::vector<std::size_t>& some,
                    double temperature, std::size_t threads, std::vector<double>& losses,
                    std::vector<double>& effective, std::vector<double>& similarity);

}  // namespace snnl::engine
