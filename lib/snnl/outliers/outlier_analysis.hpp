#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "snnl/features.hpp"
#include "snnl/metrics.hpp"
#include "snnl/nearest_neighbors.hpp"
#include "snnl/outlier_scores.hpp"
#include "snnl/outliers/sample_set.hpp"

namespace snnl::outliers {

struct OutlierOptions {
  std::size_t k = 75;
  Distance distance = Distance::cosine;
  FeatureOptions features;  ///< fitted to the training samples, and applied to all
  std::size_t threads = 0;
  ReadOptions read;
  NeighborIndex index;  ///< empty: neighbours are exact
};

/// The samples of one file, judged.
struct JudgedSet {
  std::string name, file;
  std::size_t ignored = 0;              ///< samples left out because of their label
  std::vector<std::size_t> rows;        ///< [n] of the file
  std::vector<std::int32_t> labels;     ///< [n] classes; empty for outliers, whose labels mean nothing here
  std::vector<std::int32_t> votes;      ///< [n] class of most neighbours over all layers, the first of equal ones
  std::vector<std::int32_t> predicted;  ///< [n] the recorded predictions, else the votes
  std::vector<double> softmax;          ///< [n] largest softmax of the logits; empty without them
  std::vector<double> energy;           ///< [n] log sum exp of the logits; empty without them
  std::vector<ConformalPrediction> conformal;       ///< [n]
  std::vector<std::vector<std::uint32_t>> support;  ///< [layers][n] neighbours of the predicted class
  /// [layers][n] (1 + #{s_c <= s}) / (1 + m): s the support, s_c that of the m calibration points of the predicted
  /// class
  std::vector<std::vector<double>> support_quantile;
  /// [layers][n] distance to the k-th nearest training sample; infinite where an index found fewer
  std::vector<std::vector<double>> kth_distance;
};

/// How outliers are told from the test samples by one score.
struct Separation {
  std::string score;       ///< "credibility", "support", "kth_distance", "softmax" or "energy"
  metrics::Detection in;   ///< test samples as positives, a high score speaking for them
  metrics::Detection out;  ///< outliers as positives, a low score speaking for them
  /// Share of the outliers with a score of at least .9; NaN for scores without a scale.
  double sure_outliers = std::numeric_limits<double>::quiet_NaN();
};

struct OutlierAnalysis {
  std::int64_t epoch = 0;
  std::vector<std::string> layers;
  std::vector<std::string> classes;
  std::vector<std::size_t> training_counts, calibration_counts;  ///< [classes]
  std::size_t k = 0;
  Distance distance = Distance::cosine;
  std::string index;  ///< name of the index; empty: neighbours are exact
  std::vector<double>
      recall;  ///< [layers] with an index: recall of its neighbours for recall_samples of the test samples
  std::size_t recall_samples = 0;
  std::string kth_layer;  ///< whose kth_distance is a score: the last of `layers` that is not the logits
  dump::Pooling pooling;
  FeatureOptions features;  ///< as OutlierOptions has it
  std::string unused;       ///< options that applied to nothing, as dump::unused_pooling says it; else empty
  std::string predictions;  ///< where they are from: a path, "logits", or empty for the votes
  std::vector<std::string> ignored_labels;                      ///< as ReadOptions has them
  std::size_t ignored_training = 0, ignored_calibration = 0;    ///< samples left out because of their label
  dump::IntegerBits integer_bits = dump::IntegerBits::numbers;  ///< as ReadOptions has it

  JudgedSet test;
  std::vector<JudgedSet> outliers;

  double accuracy = 0, vote_accuracy = 0;        ///< of the test samples
  metrics::Calibration credibility_calibration;  ///< of credibility, 15 bins
  std::optional<metrics::Calibration> softmax_calibration;
  std::vector<metrics::RiskPoint> risk_coverage;     ///< by credibility
  std::vector<std::vector<Separation>> separations;  ///< [outliers]
};

/// An outlier set: its name and its samples.
struct NamedPart {
  std::string name;
  SamplePart part;
};

/// Neighbours of every sample of `test` and `outliers` in every layer among those of `train`, and what follows from
/// them (Papernot & McDaniel 2018; Frosst, Papernot & Hinton 2019, section 5). One layer is in memory at a time.
/// `on_step(fraction, what)` is told of the progress.
///
/// Throws snnl::Error naming the file, and the dataset where it is one, where layers or numbers of features differ
/// between the files, k exceeds the training samples, a class of calibration or test is absent from training, a class
/// of training has no calibration point, a calibration point is a training point (equal in all layers), a prediction is
/// outside the classes, or a value is NaN or infinite.
OutlierAnalysis analyse_outliers(const SamplePart& train, const SamplePart& calibration, const SamplePart& test,
                                 const std::vector<NamedPart>& outliers, const OutlierOptions& options,
                                 const std::function<void(double, const std::string&)>& on_step = {});

}  // namespace snnl::outliers
