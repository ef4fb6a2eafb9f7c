#include "snnl/entanglement/names.hpp"

namespace snnl {

template <>
const std::vector<engine::Named<TemperatureStatus>>& engine::all_named() {
  static const std::vector<engine::Named<TemperatureStatus>> all = {{TemperatureStatus::converged, "converged"},
                                                                    {TemperatureStatus::lower_bound, "lower_bound"},
                                                                    {TemperatureStatus::upper_bound, "upper_bound"},
                                                                    {TemperatureStatus::fixed, "fixed"},
                                                                    {TemperatureStatus::uncertain, "uncertain"}};
  return all;
}

template <>
const std::vector<engine::Named<Distance>>& engine::all_named() {
  static const std::vector<engine::Named<Distance>> all = {{Distance::sqeuclidean, "sqeuclidean"},
                                                           {Distance::cosine, "cosine"}};
  return all;
}

template <>
const std::vector<engine::Named<Precision>>& engine::all_named() {
  static const std::vector<engine::Named<Precision>> all = {
      {Precision::automatic, "auto"}, {Precision::single, "float"}, {Precision::twice, "double"}};
  return all;
}

const char* name_of(TemperatureStatus status) { return engine::name_among(status); }
const char* name_of(Distance distance) { return engine::name_among(distance); }
const char* name_of(Precision precision) { return engine::name_among(precision); }

}  // namespace snnl
