#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "snnl/error.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/options.hpp"

namespace snnl {

/// How a gradient is computed.
struct GradientOptions {
  /// The distance of two samples.
  Distance distance = Distance::sqeuclidean;
  /// The arithmetic. `automatic` is float where its rounding moves the gradient by less than about 1e-5 of it, else double.
  Precision precision = Precision::automatic;
  /// Threads to use; 0: as many as there are processors and the work is worth. The results do not depend on it, to the
  /// last bit.
  std::size_t threads = 0;
};

/// The loss, and what it changes by; see entanglement_gradient.
struct LossDerivative {
  double value = 0;               ///< l(T), in nats
  double by_log_temperature = 0;  ///< dl / d log T
  std::size_t scored = 0;         ///< samples whose class has another member
  bool used_double = false;       ///< whether double arithmetic made the gradient, else float
};

/// The gradient of the entanglement, l(T) = mean of l_i(T) over the scored samples (entanglement.hpp), at a fixed
/// temperature T > 0 in units of the distance. With p_ij and q_ij the neighbour probabilities of i among all samples
/// and in its own class, W_ij = (p_ij - q_ij) / scored for scored i, else 0, and S = W + W^T:
///
///   dl/dx_i    = -(2 / T) sum_j S_ij (x_i - x_j)             for the squared Euclidean distance
///   dl/d log T = (1 / T) sum_ij W_ij d_ij
///
/// and by the chain rule for cosine, where a row of zeros has none. Writes dl/dX to `gradient` [n, d], row-major, which
/// must not overlap `activations` [n, d]; `labels` [n] are any integers. Exact over all n (n - 1) pairs in memory O(n
/// d). The error is at most 1e-4 of the gradient in the norm over all samples (Precision::single: unchecked).
///
/// Where the loss does not depend on the samples (fewer than two of them, no class with two members, one class, all
/// samples equal), the gradient is zero; `value` is then 0, of equal samples the chance level.
///
/// Throws snnl::Error if the number of labels is not n, a value is NaN or infinite, d = 0, the temperature is not a
/// positive finite number, or squared distances overflow or underflow.
LossDerivative entanglement_gradient(MatrixView<const float> activations, std::span<const std::int64_t> labels,
                                     double temperature, float* gradient, const GradientOptions& options = {});
/// The same in double.
LossDerivative entanglement_gradient(MatrixView<const double> activations, std::span<const std::int64_t> labels,
                                     double temperature, double* gradient, const GradientOptions& options = {});

/// The same with the gradient.
template <class Real>
struct EntanglementGradient : LossDerivative {
  xt::xtensor<Real, 2> by_activations;  ///< [n, d]
};

/// The same for xtensor's arrays, and labels in any range of integers.
template <class Real, class Labels = std::vector<std::int64_t>>
EntanglementGradient<Real> entanglement_gradient(const xt::xtensor<Real, 2>& activations, const Labels& labels,
                                                 double temperature, const GradientOptions& options = {}) {
  EntanglementGradient<Real> out;
  out.by_activations = xt::xtensor<Real, 2>::from_shape({activations.shape(0), activations.shape(1)});
  const MatrixView<const Real> view{activations.data(), activations.shape(0), activations.shape(1)};
  Real* const gradient = out.by_activations.data();
  static_cast<LossDerivative&>(out) = entanglement_gradient(
      view, std::vector<std::int64_t>(labels.begin(), labels.end()), temperature, gradient, options);
  return out;
}

}  // namespace snnl
