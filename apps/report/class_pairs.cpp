#include "report/class_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace snnl::report {
namespace {

double of_pair(const AnalysedItem& item, std::size_t a, std::size_t b) {
  const auto& m = item.result->class_similarity;
  return (m(a, b) + m(b, a)) / 2;
}

struct Candidate {
  double similarity;
  std::size_t a, b;
};

std::vector<ClassPair> follow(const std::vector<Candidate>& chosen, const std::vector<const AnalysedItem*>& items) {
  std::vector<ClassPair> out;
  for (const Candidate& c : chosen) {
    ClassPair pair{c.a, c.b, {}};
    for (const AnalysedItem* item : items) pair.similarity.push_back(of_pair(*item, c.a, c.b));
    out.push_back(std::move(pair));
  }
  return out;
}

}  // namespace

std::vector<LayerPairs> class_pairs(const Analysis& analysis, std::size_t count) {
  std::vector<std::string> layers;
  std::map<std::string, std::vector<const AnalysedItem*>> by_layer;
  for (const AnalysedItem& item : analysis.items) {
    if (!item.result) continue;
    if (by_layer.count(item.layer) == 0) layers.push_back(item.layer);
    by_layer[item.layer].push_back(&item);
  }
  std::vector<LayerPairs> out;
  const std::size_t classes = analysis.classes.size();
  for (const std::string& layer : layers) {
    std::vector<const AnalysedItem*>& items = by_layer[layer];
    std::stable_sort(items.begin(), items.end(), [](const auto* x, const auto* y) { return x->epoch < y->epoch; });
    std::vector<Candidate> all;
    for (std::size_t a = 0; a < classes; ++a) {
      for (std::size_t b = a + 1; b < classes; ++b) {
        const double s = of_pair(*items.back(), a, b);
        if (!std::isnan(s)) all.push_back({s, a, b});
      }
    }
    const std::size_t each = std::min(count, all.size() / 2 + all.size() % 2);
    const auto ascending = [](const Candidate& x, const Candidate& y) { return x.similarity < y.similarity; };
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size() - each));
    std::vector<Candidate> least(each), most;
    std::partial_sort_copy(all.begin(), all.end(), least.begin(), least.end(),
                           [](const Candidate& x, const Candidate& y) { return x.similarity > y.similarity; });
    std::partial_sort(all.begin(), middle, all.end(), ascending);
    most.assign(all.begin(), middle);
    LayerPairs pairs{layer, {}, follow(least, items), follow(most, items)};
    for (const AnalysedItem* item : items) pairs.epochs.push_back(item->epoch);
    out.push_back(std::move(pairs));
  }
  return out;
}

}  // namespace snnl::report
