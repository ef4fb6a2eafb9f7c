#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace train {

/// How a network does on one split.
struct Scores {
  double accuracy = 0, cross_entropy = 0;                                // nats
  double expected_calibration_error = 0, maximum_calibration_error = 0;  // 15 bins
};

/// Means over the batches of an epoch, each batch before its step.
struct TrainingScores {
  double loss = 0;  ///< cross-entropy + weight x sum of the terms
  double cross_entropy = 0, accuracy = 0;
  std::vector<double> entanglement;  ///< soft nearest neighbour loss of each entangled layer, in nats
  std::vector<double> temperature;   ///< of each of them
};

struct EpochMetrics {
  std::int64_t epoch = 0;                  ///< 0 is before training
  std::optional<TrainingScores> training;  ///< from epoch 1
  std::optional<Scores> validation;
  Scores test;
};

/// Why a run ended before its last epoch.
struct Divergence {
  std::int64_t epoch = 0;
  std::string what;
};

/// All that a run's metrics files hold.
struct TrainingRecord {
  nlohmann::ordered_json options, data;
  std::vector<std::string> entangled;  ///< layer names
  std::vector<EpochMetrics> epochs;
  std::optional<Divergence> divergence;
};

/// snnl.training/1; docs/schema has its schema.
nlohmann::ordered_json to_json(const TrainingRecord& record);
/// A row for each epoch; what an epoch does not have is empty.
std::string to_csv(const TrainingRecord& record);

/// The epochs alone, for checkpoints. What to_json wrote, epochs_from_json reads to the last bit.
nlohmann::ordered_json epochs_to_json(const TrainingRecord& record);
std::vector<EpochMetrics> epochs_from_json(const nlohmann::json& json, const std::vector<std::string>& entangled);

}  // namespace train
