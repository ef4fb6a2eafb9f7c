#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/options.hpp"

/// The definitions of docs/method.md written down as they stand, in double, with no regard for speed: what every
/// faster path is held against.
namespace definition {

using Matrix = std::vector<std::vector<double>>;
using Labels = std::vector<std::int64_t>;

/// [n][n] distances, from the differences of the features
Matrix distances(const Matrix& x, snnl::Distance distance = snnl::Distance::sqeuclidean);

double mean_distance(const Matrix& d);

/// [n] l_i(T); NaN where the class has one member
std::vector<double> losses(const Matrix& d, const Labels& y, double temperature);

/// mean of the losses that are not NaN
double entanglement(const Matrix& d, const Labels& y, double temperature);

struct Gradient {
  double value = 0;
  Matrix by_samples;  ///< [n][d]
  double by_log_temperature = 0;
};

/// Entanglement and its derivatives, from the neighbour probabilities written out; zero where nothing is scored.
Gradient gradient(const Matrix& x, const Labels& y, double temperature,
                  snnl::Distance distance = snnl::Distance::sqeuclidean);

struct Optimum {
  double temperature = 0;
  double value = 0;
};

/// Least entanglement over 2^-40 to 2^10 mean distances in steps of 1/16 octave.
Optimum scan(const Matrix& d, const Labels& y);

/// mean over i of exp(entropy of p_i)
double effective_neighbors(const Matrix& d, double temperature);

/// [C][C] for labels 0 .. C-1
Matrix class_similarity(const Matrix& d, const Labels& y, std::size_t classes, double temperature);

}  // namespace definition
