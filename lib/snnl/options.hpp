#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace snnl {

/// How far two samples are from each other.
enum class Distance {
  sqeuclidean,  ///< |x - y|^2
  cosine,       ///< 1 - <x, y> / (|x| |y|); a row of zeros has similarity 0 to every other row
};

/// Arithmetic of the distances and weights.
enum class Precision {
  automatic,  ///< float, checked against double on a sample of rows; double where float would move a loss by 1e-5
  single,     ///< float throughout, unchecked
  twice,      ///< double throughout
};

/// How an entanglement is computed.
struct EntanglementOptions {
  /// Temperature > 0, in units of the distance. Empty: the one that minimises the entanglement.
  std::optional<double> temperature;
  /// Also evaluate the entanglement at this many temperatures, log-spaced around the optimum and the mean distance;
  /// 0, or at least 2.
  std::size_t temperature_curve = 0;
  /// Of two samples.
  Distance distance = Distance::sqeuclidean;
  /// Of the arithmetic.
  Precision precision = Precision::automatic;
  /// Take the neighbourhoods of this many samples only, drawn at random from each class by its share (at least two of
  /// each), among all samples: for where all pairs are too many. 0, or the number of samples or more: all.
  std::size_t rows = 0;
  /// Entanglement as neighbourhoods of this many samples have it, for numbers that are compared across different n: the
  /// mean over random draws of so many samples, of which each class has its share, each at its own temperature. There are
  /// as few draws as hold all samples. 0: one neighbourhood of all.
  std::size_t neighborhood = 0;
  /// Of the drawing of `rows` and of `neighborhood`.
  std::uint64_t seed = 0;
  /// Upper bound on the memory used beside the activations, in bytes; what is left of it keeps distances between
  /// passes. 0: no bound, and up to 128 MiB for distances.
  std::size_t memory = 0;
  /// Up to this many pairs of samples, every loss is evaluated row by row in double and the search leaves out no
  /// octave; up to sixteen times as many where nothing else decides. Fewer is for tests: small data then go the way of
  /// large ones.
  std::size_t exact_pairs = std::size_t{1} << 18;
  /// Hold the result against a dense scan in double, row by row, before it is returned (entanglement/verify.hpp). Slow.
  bool verify = false;
  /// Threads to use; 0: as many as there are processors. The results do not depend on it, to the last bit.
  std::size_t threads = 0;
  /// Setting it, from another thread or a signal handler, ends the computation with snnl::Stopped. Null: nothing does.
  const std::atomic<bool>* stop = nullptr;
};

/// How the reported temperature came about.
enum class TemperatureStatus {
  converged,    ///< the entanglement has its minimum here
  lower_bound,  ///< it falls towards a limit as T -> 0; this is the largest T within 1e-9 of that limit
  upper_bound,  ///< it falls as T grows; this is the upper end of the range, or the entanglement does not depend on T
  fixed,        ///< the caller chose it
  uncertain,    ///< the best that was found; it could not be proven that no other temperature is better
};

/// Its name in JSON: "converged", "lower_bound", "upper_bound", "fixed" or "uncertain".
const char* name_of(TemperatureStatus status);
/// Its name in options and JSON: "sqeuclidean" or "cosine".
const char* name_of(Distance distance);
/// Its name in options and JSON: "auto", "float" or "double".
const char* name_of(Precision precision);

}  // namespace snnl
