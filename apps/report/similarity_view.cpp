#include "report/similarity_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "report/class_order.hpp"
#include "snnl/text/natural_order.hpp"

namespace snnl::report {
namespace {

/// The mean of M[a][b] + M[b][a] over all items.
xt::xtensor<double, 2> mean_similarity(const std::vector<Run>& runs) {
  const std::size_t classes = runs[0].analysis.classes.size();
  auto sum = xt::xtensor<double, 2>::from_shape({classes, classes});
  sum.fill(0);
  for (const Run& run : runs) {
    for (const AnalysedItem& item : run.analysis.items) {
      if (!item.result) continue;
      for (std::size_t a = 0; a < classes; ++a) {
        for (std::size_t b = 0; b < classes; ++b) {
          const double value = item.result->class_similarity(a, b);
          if (std::isnan(value)) continue;
          sum(a, b) += value;
          sum(b, a) += value;
        }
      }
    }
  }
  return sum;
}

std::vector<std::vector<std::size_t>> grouped(const std::vector<std::size_t>& order, std::size_t most) {
  const std::size_t groups = std::min(order.size(), most);
  std::vector<std::vector<std::size_t>> out(groups);
  for (std::size_t k = 0; k < order.size(); ++k) out[k * groups / order.size()].push_back(order[k]);
  return out;
}

}  // namespace

std::vector<ClassOrder> class_orders(const std::vector<Run>& runs, std::size_t most) {
  const std::vector<ClassCount>& classes = runs[0].analysis.classes;
  std::vector<std::size_t> data(classes.size());
  std::iota(data.begin(), data.end(), std::size_t{0});
  std::vector<std::size_t> by_name = data;
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](std::size_t a, std::size_t b) { return text::natural_less(classes[a].name, classes[b].name); });
  return {{"data", grouped(data, most)},
          {"name", grouped(by_name, most)},
          {"similarity", grouped(cluster_classes(mean_similarity(runs)), most)}};
}

std::vector<double> group_similarity(const AnalysedItem& item, const std::vector<ClassCount>& classes,
                                     const std::vector<std::vector<std::size_t>>& groups) {
  const auto& m = item.result->class_similarity;
  std::vector<std::size_t> group_of(classes.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t c : groups[g]) group_of[c] = g;
  }
  std::vector<double> out;
  out.reserve(groups.size() * groups.size());
  for (const auto& group : groups) {
    std::vector<double> row(groups.size(), 0.);
    double weight = 0;
    for (const std::size_t a : group) {
      if (std::isnan(m(a, 0))) continue;
      const double by = group.size() == 1 ? 1. : static_cast<double>(classes[a].count);
      for (std::size_t b = 0; b < classes.size(); ++b) row[group_of[b]] += by * m(a, b);
      weight += by;
    }
    for (const double value : row) {
      out.push_back(weight > 0 ? value / weight : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace snnl::report
