#include "snnl/analysis/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "snnl/analysis/sample_losses.hpp"

namespace snnl::analysis {
namespace {

constexpr double errors = 3;
constexpr double rounding = 1e-6;  // nats

/// The mean of numbers that are added, and whether it is away from 0.
class Mean {
 public:
  void add(double value) {
    const double before = value - mean_;
    mean_ += before / ++count_;
    squares_ += before * (value - mean_);
  }
  double value() const { return mean_; }
  bool is_away(double least) const {
    const double error = count_ > 1 ? std::sqrt(squares_ / (count_ - 1) / count_) : 0;
    return std::abs(mean_) > std::max(errors * error, least);
  }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

Trend by_ends(double first, double last, double uncertainty) {
  if (std::abs(last - first) <= uncertainty) return Trend::steady;
  return last < first ? Trend::falls : Trend::rises;
}

}  // namespace

Trend trend_of(const std::vector<const AnalysedItem*>& items) {
  const Entanglement &first = *items.front()->result, &last = *items.back()->result;
  double uncertainty = 0;
  for (const AnalysedItem* item : items) uncertainty = std::max(uncertainty, item->result->standard_error);
  for (const AnalysedItem* item : items) {
    if (!paired_change(*items.front(), *item)) return by_ends(first.value, last.value, uncertainty);
  }

  const std::size_t samples = items[0]->sample_losses.size();
  const auto epochs = static_cast<double>(items.size());
  const double spread = epochs * (epochs * epochs - 1) / 12;  // sum of squares of the places less their mean
  std::vector<Mean> deviations(items.size());
  Mean slope;
  for (std::size_t i = 0; i < samples; ++i) {
    double mean = 0, rise = 0;
    for (const AnalysedItem* item : items) mean += static_cast<double>(item->sample_losses[i]) / epochs;
    if (std::isnan(mean)) continue;  // not scored
    for (std::size_t e = 0; e < items.size(); ++e) {
      const double deviation = static_cast<double>(items[e]->sample_losses[i]) - mean;
      deviations[e].add(deviation);
      rise += (static_cast<double>(e) - (epochs - 1) / 2) * deviation;
    }
    slope.add(rise / spread);
  }
  if (std::none_of(deviations.begin(), deviations.end(), [](const Mean& d) { return d.is_away(rounding); })) {
    return Trend::steady;
  }
  const bool down = slope.value() < 0;
  if (!slope.is_away(rounding / epochs) || down != (last.value < first.value)) return Trend::varies;
  const auto [least, most] = std::minmax_element(
      items.begin(), items.end(),
      [](const AnalysedItem* a, const AnalysedItem* b) { return a->result->value < b->result->value; });
  const double span = (*most)->result->value - (*least)->result->value;
  if (std::abs(last.value - first.value) < span / 2) return Trend::varies;
  return down ? Trend::falls : Trend::rises;
}

}  // namespace snnl::analysis
