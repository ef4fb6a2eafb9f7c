#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/matrix_view.hpp"

namespace snnl::metrics {

/// Predictions of which the confidence lies in [lower, upper); in the last bin also upper itself.
struct CalibrationBin {
  double lower = 0;       ///< in [0, 1]
  double upper = 0;       ///< in [0, 1]
  std::size_t count = 0;  ///< predictions in it
  double confidence = 0;  ///< mean; NaN where the bin is empty
  double accuracy = 0;    ///< share that is correct; NaN where the bin is empty
};

/// How far confidences are from accuracies (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width, ascending
  double expected_error = 0;         ///< ECE: mean of |accuracy - confidence| over the bins, weighted by their counts
  double maximum_error = 0;          ///< MCE: the largest of them
};

/// `confidence` [n] in [0, 1], `correct` [n], `bins` >= 1 of equal width. Throws snnl::Error where n = 0, the lengths
/// differ, or a confidence is no number in [0, 1].
Calibration calibration(const std::vector<double>& confidence, const std::vector<bool>& correct, std::size_t bins = 15);

/// What a classifier's logits say, in double.
struct ClassifierScores {
  double accuracy = 0;                    ///< share whose largest logit is that of the label
  double cross_entropy = 0;               ///< mean of -log softmax at the label, in nats
  std::vector<std::int64_t> predictions;  ///< [n] the largest logit, the first of equal ones
  std::vector<double> confidence;         ///< [n] its softmax
  std::vector<double> energy;             ///< [n] log sum exp of the logits, the negative energy (Liu et al. 2020)
  std::vector<bool> correct;              ///< [n]
};

/// `logits` [n, C], row-major; `labels` [n] in [0, C). Throws snnl::Error where n = 0, the lengths differ, a label is
/// outside, or a logit is NaN.
ClassifierScores classifier_scores(MatrixView<const float> logits, const std::vector<std::int64_t>& labels);

/// How well a score tells positives from negatives; a higher score speaks for a positive.
struct Detection {
  std::size_t positives = 0;     ///< how many there are
  std::size_t negatives = 0;     ///< how many there are
  double auroc = 0;              ///< share of (positive, negative) pairs in the right order; equal scores count half
  double average_precision = 0;  ///< sum over falling thresholds of (R_n - R_(n-1)) P_n, equal scores at once
  double fpr_at_95_tpr = 0;      ///< least false positive rate of the thresholds with a true positive rate >= 0.95
};

/// Throws snnl::Error where a side is empty, or a score is NaN.
Detection detection(const std::vector<double>& positives, const std::vector<double>& negatives);

/// A point of the ROC curve: what scores >= threshold are called positive.
struct RocPoint {
  double threshold = 0;            ///< a score
  double true_positive_rate = 0;   ///< share of the positives
  double false_positive_rate = 0;  ///< share of the negatives
};

/// All distinct thresholds, falling, after (infinity, 0, 0). Throws as detection does.
std::vector<RocPoint> roc_curve(const std::vector<double>& positives, const std::vector<double>& negatives);

/// A point of the risk-coverage curve (El-Yaniv & Wiener, 2010): of the samples with a confidence >= threshold, the
/// share they are of all, and the share of them that is wrong.
struct RiskPoint {
  double threshold = 0;  ///< a confidence
  double coverage = 0;   ///< share of the predictions that are kept
  double risk = 0;       ///< share of those that is wrong
};

/// All distinct thresholds, falling. Throws snnl::Error where there are no samples, the lengths differ, or a confidence
/// is NaN.
std::vector<RiskPoint> risk_coverage(const std::vector<double>& confidence, const std::vector<bool>& correct);

}  // namespace snnl::metrics
