#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "snnl/error.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/options.hpp"
#include "snnl/stop.hpp"

namespace snnl {

/// Entanglement of the classes in one representation (Frosst, Papernot & Hinton, ICML 2019). With d_ij the distance
/// of samples i and j, T the temperature:
///
///   l_i(T) = log sum_{k != i} exp(-d_ik / T)  -  log sum_{j != i, y_j = y_i} exp(-d_ij / T)
///   p_ij   = exp(-d_ij / T) / sum_{k != i} exp(-d_ik / T)
///
/// A sample is scored if its class has another member; the rest are neighbours like any other.
struct Entanglement {
  std::size_t samples = 0;   ///< n
  std::size_t features = 0;  ///< d
  std::size_t scored = 0;    ///< samples whose class has another member
  std::size_t queries = 0;   ///< samples whose neighbourhoods were taken; fewer than `samples` with options.rows

  double temperature = 0;                                               ///< in units of the distance
  TemperatureStatus temperature_status = TemperatureStatus::converged;  ///< how the temperature came about
  double mean_distance = 0;                                             ///< mean of d_ij over i != j

  double value = 0;  ///< mean of l_i over the scored samples, in nats
  /// Sample standard deviation of l_i / sqrt(scored); 0 if one sample is scored. With options.rows the error of
  /// sampling, sqrt(sum over classes of W^2 (1 - m / N) s^2 / m): m of the N samples of a class were drawn, s is the
  /// standard deviation of their l_i, and W the share of the class among the scored samples. With options.neighborhood
  /// the error of sampling by the infinitesimal jackknife, which counts a sample as a neighbour of others as well.
  double standard_error = 0;
  double chance = 0;               ///< its limit for T -> infinity: mean of log((n - 1) / (n_class - 1))
  double normalized = 0;           ///< value / chance; NaN where chance is 0 (one class)
  double effective_neighbors = 0;  ///< mean over all samples of exp(entropy of p_i), in [1, n - 1]

  std::vector<std::int64_t> classes;       ///< [C] the labels that occur, ascending
  std::vector<std::size_t> class_counts;   ///< [C]
  std::vector<double> class_entanglement;  ///< [C] mean of l_i over the class; NaN for a class of one
  /// [C, C], the mean over i in class a of the sum over j in class b of p_ij. Rows sum to 1.
  xt::xtensor<double, 2> class_similarity;
  std::vector<double> sample_loss;  ///< [n] l_i in the order of the input; NaN where not scored or not drawn

  std::vector<double> curve_temperature;  ///< EntanglementOptions::temperature_curve temperatures, ascending
  std::vector<double> curve_value;        ///< mean of l_i at each of them

  bool used_double = false;  ///< whether the numbers above came from double arithmetic, else float
  std::size_t passes = 0;    ///< passes over all pairs of samples
};

/// Computes the entanglement of `activations` [n, d], row-major, for `labels` [n], any integers.
/// Exact over all n (n - 1) pairs in memory O(n d), on options.threads threads; the result does not depend on their
/// number. The error of `value` is at most 1e-5 max(1, value) (Precision::single: unchecked).
/// With options.rows, means over samples are estimates from those drawn, unbiased at a given temperature; the optimal
/// one is that of the estimate. With options.neighborhood all numbers are means over draws: `temperature` that of its
/// logarithm, `normalized` the quotient of the means, sample_loss over the draws that hold the sample; a class that is
/// not in a draw is passed over there.
///
/// Throws snnl::Error if n < 2, d = 0, the number of labels is not n, a value is NaN or infinite, all distances are
/// zero, no class has two members, the temperature is not a positive finite number, temperature_curve is 1,
/// options.verify finds the result wrong, options.rows is too few for two of each class, options.neighborhood is that
/// or more than n, or goes with rows or temperature_curve, or options.memory is too little; snnl::Stopped once
/// *options.stop is set.
Entanglement entanglement(const SampleMatrix& activations, std::span<const std::int64_t> labels,
                          const EntanglementOptions& options = {});

/// The same for labels in any range of integers: std::vector<int>, xt::xtensor<int, 1>, ...
template <class Labels>
requires(!std::is_convertible_v<const Labels&, std::span<const std::int64_t>>) Entanglement
    entanglement(const SampleMatrix& activations, const Labels& labels, const EntanglementOptions& options = {}) {
  return entanglement(activations, std::vector<std::int64_t>(labels.begin(), labels.end()), options);
}

/// The same for xtensor's arrays.
template <class Real, class Labels = std::vector<std::int64_t>>
Entanglement entanglement(const xt::xtensor<Real, 2>& activations, const Labels& labels,
                          const EntanglementOptions& options = {}) {
  const SampleMatrix view = MatrixView<const Real>{activations.data(), activations.shape(0), activations.shape(1)};
  return entanglement(view, labels, options);
}

}  // namespace snnl
