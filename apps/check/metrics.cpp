#include "check/metrics.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include "snnl/analysis/measures.hpp"

namespace snnl::check {
namespace {

struct Metric {
  std::string name;
  std::function<double(const AnalysedItem&)> value;
};

double real(std::size_t count) { return static_cast<double>(count); }

// In the order of docs/output.md.
const std::vector<Metric>& single_values() {
  using Item = AnalysedItem;
  static const std::vector<Metric> metrics = [] {
    std::vector<Metric> all = {
        {"samples", [](const Item& i) { return real(i.result->samples); }},
        {"features", [](const Item& i) { return real(i.result->features); }},
        {"scored", [](const Item& i) { return real(i.result->scored); }},
        {"queries", [](const Item& i) { return real(i.result->queries); }},
        {"dropped", [](const Item& i) { return real(i.dropped); }},
        {"temperature", [](const Item& i) { return i.result->temperature; }},
        {"mean_distance", [](const Item& i) { return i.result->mean_distance; }},
    };
    for (const analysis::Measure& m : analysis::measures())
      all.push_back({m.name, [v = m.value](const Item& i) { return (*i.result).*v; }});
    return all;
  }();
  return metrics;
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const Metric& metric : single_values()) out.push_back(metric.name);
    out.insert(out.end(), {"class_entanglement", "class_similarity"});
    return out;
  }();
  return names;
}

std::vector<double> values_of(const AnalysedItem& item, const std::string& metric) {
  if (metric == "class_entanglement") return item.result->class_entanglement;
  if (metric == "class_similarity") {
    return {item.result->class_similarity.begin(), item.result->class_similarity.end()};
  }
  for (const Metric& known : single_values()) {
    if (known.name == metric) return {known.value(item)};
  }
  return {};
}

double standard_error_of(const AnalysedItem& item, const std::string& metric) {
  if (metric == "entanglement") return item.result->standard_error;
  if (metric == "normalized") return item.result->standard_error / item.result->chance;
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::size_t> classes_of(const std::string& metric, std::size_t element, std::size_t class_count) {
  if (metric == "class_entanglement") return {element};
  if (metric == "class_similarity") return {element / class_count, element % class_count};
  return {};
}

}  // namespace snnl::check
