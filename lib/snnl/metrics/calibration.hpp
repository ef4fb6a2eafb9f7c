#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/points/matrix_view.hpp"

namespace snnl::metrics {

/// Predictions of which the confidence lies in [lower, upper); in the last bin also upper itself.
struct CalibrationBin {
  double lower = 0, upper = 0;
  std::size_t count = 0;
  double confidence = 0;  ///< mean; NaN where the bin is empty
  double accuracy = 0;    ///< share that is correct; NaN where the bin is empty
};

/// How far confidences are from accuracies (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
struct Calibration {
  std::vector<CalibrationBin> bins;
  double expected_error = 0;  ///< ECE: mean of |accuracy - confidence| over the bins, weighted by their counts
  double maximum_error = 0;   ///< MCE: the largest of them
};

/// `confidence` [n] in [0, 1], `correct` [n], `bins` >= 1 of equal width. Throws snnl::Error where n = 0, the lengths
/// differ, or a confidence is no number in [0, 1].
Calibration calibration(const std::vector<double>& confidence, const std::vector<bool>& correct, std::size_t bins = 15);

/// What a classifier's logits say, in double.
struct ClassifierScores {
  double accuracy = 0;
  double cross_entropy = 0;               ///< mean of -log softmax at the label, in nats
  std::vector<std::int64_t> predictions;  ///< [n] the largest logit, the first of equal ones
  std::vector<double> confidence;         ///< [n] its softmax
  std::vector<bool> correct;              ///< [n]
};

/// `logits` [n, C], row-major; `labels` [n] in [0, C). Throws snnl::Error where n = 0, the lengths differ, a label is
/// outside, or a logit is NaN.
ClassifierScores classifier_scores(MatrixView<const float> logits, const std::vector<std::int64_t>& labels);

}  // namespace snnl::metrics
