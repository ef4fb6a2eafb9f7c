#pragma once

#include <cstddef>
#include <vector>

namespace snnl::metrics {

/// How well a score tells positives from negatives; a higher score speaks for a positive.
struct Detection {
  std::size_t positives = 0, negatives = 0;
  double auroc = 0;              ///< share of (positive, negative) pairs in the right order; equal scores count half
  double average_precision = 0;  ///< sum over falling thresholds of (R_n - R_(n-1)) P_n, equal scores at once
  double fpr_at_95_tpr = 0;      ///< least false positive rate of the thresholds with a true positive rate >= 0.95
};

/// Throws snnl::Error where a side is empty, or a score is NaN.
Detection detection(const std::vector<double>& positives, const std::vector<double>& negatives);

/// A point of the ROC curve: what scores >= threshold are called positive.
struct RocPoint {
  double threshold = 0, true_positive_rate = 0, false_positive_rate = 0;
};

/// All distinct thresholds, falling, after (infinity, 0, 0). Throws as detection does.
std::vector<RocPoint> roc_curve(const std::vector<double>& positives, const std::vector<double>& negatives);

/// A point of the risk-coverage curve (El-Yaniv & Wiener, 2010): of the samples with a confidence >= threshold, the
/// share they are of all, and the share of them that is wrong.
struct RiskPoint {
  double threshold = 0, coverage = 0, risk = 0;
};

/// All distinct thresholds, falling. Throws snnl::Error where there are no samples, the lengths differ, or a confidence
/// is NaN.
std::vector<RiskPoint> risk_coverage(const std::vector<double>& confidence, const std::vector<bool>& correct);

}  // namespace snnl::metrics
