#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace snnl::report {

/// How often the scores of one set of samples lie in each of equal bins over [0, 1], the last one closed.
struct ScoreHistograms {
  std::string set;  ///< "test", or an outlier set's name
  std::size_t samples = 0;
  std::vector<std::pair<std::string, std::vector<std::size_t>>> counts;  ///< "credibility", "support in fc1", ...
};

/// How well one score tells an outlier set from the test samples.
struct ScoreSeparation {
  std::string set, score;
  double auroc = 0, aupr_in = 0, aupr_out = 0, fpr_at_95_tpr = 0;
};

/// What the page shows of "snnl.outliers/1".
struct OutlierSummary {
  std::string file;
  std::vector<ScoreHistograms> histograms;
  std::vector<ScoreSeparation> separations;
};

/// Reads what snnl-outliers --json wrote. Throws snnl::Error naming the file and the place in it where it is not that.
OutlierSummary read_outlier_summary(const std::string& file);

}  // namespace snnl::report
