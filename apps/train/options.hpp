#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "snnl/options.hpp"

namespace train {

enum class TemperaturePolicy {
  fixed,    ///< TrainingOptions::temperature
  learned,  ///< log(1/T) of each layer goes down the layer's loss, from the optimal T of the first batch
  optimal,  ///< the one that minimises the loss of the batch
};

/// All that decides what a training run comes to, beside the data.
struct TrainingOptions {
  std::string architecture = "cnn";
  std::vector<std::string> entangled;  ///< layers with a term in the loss, forward order
  double weight = 0;                   ///< of each term; negative entangles
  snnl::Distance distance = snnl::Distance::sqeuclidean;
  TemperaturePolicy policy = TemperaturePolicy::optimal;
  double temperature = 0;          ///< with TemperaturePolicy::fixed, in units of the distance
  double temperature_rate = 0.05;  ///< step of Adam on log(1/T), with TemperaturePolicy::learned
  std::string optimizer = "adam";  ///< or "sgd"
  double learning_rate = 1e-3;
  double momentum = 0.9;  ///< of sgd
  double weight_decay = 0;
  std::size_t batch = 128;
  std::uint64_t seed = 0;
  std::size_t threads = 1;
};

/// "optimal", "learned" or the number
std::string temperature_text(const TrainingOptions& options);

/// For files: every field by name, in a fixed order.
nlohmann::ordered_json to_json(const TrainingOptions& options);

}  // namespace train
