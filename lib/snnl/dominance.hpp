#pragma once

#include <cstddef>
#include <vector>

#include "snnl/matrix_view.hpp"
#include "snnl/options.hpp"

namespace snnl {

/// What a feature or a sample has of the mean squared distance.
struct Share {
  std::size_t index = 0;  ///< of the feature or sample
  double share = 0;       ///< in [0, 1]
};

/// Whether a few features or samples decide all distances. With m the mean of the samples, sum_i |x_i - m|^2 is
/// n (n - 1) / 2 times their mean squared distance over n; feature j has sum_i (x_ij - m_j)^2 of it, sample i
/// |x_i - m|^2.
struct Dominance {
  std::size_t constant_features = 0;  ///< features that are equal in all samples
  /// The fewest features that have more than 99 % together, the largest first; empty where those are more than three or
  /// a quarter of the features that are not constant.
  std::vector<Share> features;
  /// The same of samples, which have 1 - k / n at most where k are far from all others: the fewest that have more than
  /// 99 % of that, empty where those are more than five or a twentieth.
  std::vector<Share> samples;
};

/// Of samples [n, d], all values finite, in the distance that is meant: under cosine of rows of length one. Two passes
/// over the values; the result does not depend on `threads`. Nothing is dominated where all samples are equal or
/// squares overflow.
Dominance find_dominance(const SampleMatrix& samples, Distance distance, std::size_t threads = 1);

}  // namespace snnl
