#pragma once

#include <cstddef>
#include <vector>

#include "snnl/matrix_view.hpp"

namespace snnl {

/// How correlated features are made even.
enum class Whiten {
  none,  ///< they stay as they are
  pca,   ///< by their principal components, each scaled to variance one
};

/// Its name in options and JSON: "none" or "pca".
const char* name_of(Whiten whiten);

/// What is done to features before distances are taken.
struct FeatureOptions {
  /// Each feature to mean 0 and variance 1 (of n - 1): every one that varies then has the same share of the mean
  /// squared distance.
  bool standardize = false;
  /// Standardised features are rotated to their principal components, and each of these is scaled to variance 1:
  /// squared distances become Mahalanobis', (x - y)' C^-1 (x - y) with C the covariance, whatever the rotation.
  Whiten whiten = Whiten::none;

  /// Whether anything is done.
  bool any() const { return standardize || whiten != Whiten::none; }
};

/// What FeatureTransform does to one feature x, before axes: (x unit - mean) gain.
struct FeatureScale {
  double unit = 1;  ///< a power of two that keeps squares in range
  double mean = 0;  ///< of x unit
  double gain = 0;  ///< one over the standard deviation of x unit; 0 where the feature is constant
};

/// A change of features, as fit_features found it; the same for samples that it was not fitted to.
struct FeatureTransform {
  std::size_t outputs = 0;           ///< features of a changed sample
  std::size_t constant = 0;          ///< features without spread, whose value becomes 0
  std::size_t dropped = 0;           ///< whitening: components left out, of as little variance as rounding makes
  std::vector<FeatureScale> scales;  ///< [features]
  std::vector<double> axes;          ///< [features, outputs] scaled components, row-major; empty without whitening
};

/// Most features that can be whitened: their covariance and its eigenvectors are in memory.
inline constexpr std::size_t most_whitened = 4096;

/// Fits `options` to samples [n, d], all values finite. A feature is constant where its standard deviation is no more
/// than four roundings of its values, in float or double as they are; a component is left out where its variance v has
/// v <= v_1 max((m e)^2, 1000 m e'), with v_1 the largest variance, m the larger of n and d, e the rounding of the
/// samples' type and e' that of double. Two or three passes over the samples, and whitening as many operations as n d^2
/// + 9 d^3; the result does not depend on `threads`. Throws snnl::Error where whitening has more than most_whitened
/// features, has no BLAS, finds no feature that varies, or where n - 1 components are left: then all whitened distances
/// are equal, whatever the samples are.
FeatureTransform fit_features(const SampleMatrix& samples, const FeatureOptions& options, std::size_t threads = 1);

/// Writes changed samples to `out` [n, outputs], row-major, apart from the samples. Throws std::invalid_argument where
/// the samples have another number of features than those that it was fitted to.
void apply_features(const FeatureTransform& transform, const MatrixView<const float>& samples, float* out,
                    std::size_t threads = 1);
/// The same in double.
void apply_features(const FeatureTransform& transform, const MatrixView<const double>& samples, double* out,
                    std::size_t threads = 1);

}  // namespace snnl
