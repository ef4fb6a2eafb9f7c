#include "train/options.hpp"

#include "snnl/analysis.hpp"
#include "snnl/text/number.hpp"

namespace train {

std::string temperature_text(const TrainingOptions& options) {
  if (options.policy == TemperaturePolicy::fixed) return snnl::text::format_number(options.temperature);
  return options.policy == TemperaturePolicy::learned ? "learned" : "optimal";
}

nlohmann::ordered_json to_json(const TrainingOptions& o) {
  nlohmann::ordered_json json;
  json["architecture"] = o.architecture;
  json["layers"] = o.entangled;
  json["weight"] = o.weight;
  json["distance"] = snnl::name_of(o.distance);
  if (o.policy == TemperaturePolicy::fixed) {
    json["temperature"] = o.temperature;
  } else {
    json["temperature"] = temperature_text(o);
  }
  json["temperature_rate"] = o.temperature_rate;
  json["optimizer"] = o.optimizer;
  json["learning_rate"] = o.learning_rate;
  json["momentum"] = o.momentum;
  json["weight_decay"] = o.weight_decay;
  json["batch"] = o.batch;
  json["seed"] = o.seed;
  json["threads"] = o.threads;
  return json;
}

}  // namespace train
