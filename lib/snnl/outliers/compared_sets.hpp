#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/outliers/outlier_analysis.hpp"
#include "snnl/outliers/sample_set.hpp"

namespace snnl::outliers {

/// The sets of an analysis, opened, and found to go with each other.
struct ComparedSets {
  /// Throws what analyse_outliers says of labels, layers and classes.
  ComparedSets(const SamplePart& train_part, const SamplePart& calibration_part, const SamplePart& test_part,
               const std::vector<NamedPart>& outlier_parts, const OutlierOptions& options);
  ComparedSets(const ComparedSets&) = delete;
  ComparedSets& operator=(const ComparedSets&) = delete;

  SampleSet train, calibration, test;
  std::vector<SampleSet> outliers;
  /// Indices into train.classes().
  std::vector<std::size_t> training_counts, calibration_counts;
  std::vector<std::int32_t> calibration_labels, test_labels;

  /// Calibration, test and outliers, in this order.
  std::vector<const SampleSet*> judged() const;
};

}  // namespace snnl::outliers
