#include "snnl/options.hpp"

namespace snnl {

const char* name_of(TemperatureStatus status) {
  switch (status) {
    case TemperatureStatus::converged:
      return "converged";
    case TemperatureStatus::lower_bound:
      return "lower_bound";
    case TemperatureStatus::upper_bound:
      return "upper_bound";
    case TemperatureStatus::fixed:
      return "fixed";
    case TemperatureStatus::uncertain:
      return "uncertain";
  }
  return "";
}

const char* name_of(Distance distance) { return distance == Distance::cosine ? "cosine" : "sqeuclidean"; }

const char* name_of(Precision precision) {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::single:
      return "float";
    case Precision::twice:
      return "double";
  }
  return "";
}

}  // namespace snnl
