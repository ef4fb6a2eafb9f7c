#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/error.hpp"
#include "snnl/metrics.hpp"

namespace snnl::metrics {
namespace {

struct Scored {
  double score;
  bool positive;
};

/// By falling score.
std::vector<Scored> sorted(const std::vector<double>& positives, const std::vector<double>& negatives) {
  if (positives.empty() || negatives.empty()) {
    throw Error("", positives.empty() ? "there are no positives" : "there are no negatives");
  }
  std::vector<Scored> all;
  all.reserve(positives.size() + negatives.size());
  for (const double score : positives) all.push_back({score, true});
  for (const double score : negatives) all.push_back({score, false});
  for (const Scored& one : all) {
    if (std::isnan(one.score)) throw Error("", "a score is NaN");
  }
  std::sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  return all;
}

/// Calls visit(score, positives, negatives) for each distinct score, falling, with the counts down to and with it.
template <class Visit>
void for_each_threshold(const std::vector<Scored>& all, const Visit& visit) {
  std::size_t positives = 0, negatives = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ++(all[i].positive ? positives : negatives);
    if (i + 1 == all.size() || all[i + 1].score != all[i].score) visit(all[i].score, positives, negatives);
  }
}

}  // namespace

Detection detection(const std::vector<double>& positives, const std::vector<double>& negatives) {
  const std::vector<Scored> all = sorted(positives, negatives);
  Detection out{positives.size(), negatives.size(), 0, 0, 1};
  const auto p = static_cast<double>(positives.size()), n = static_cast<double>(negatives.size());
  double ordered = 0;  // pairs, twice
  std::size_t last_positives = 0, last_negatives = 0;
  for_each_threshold(all, [&](double, std::size_t tp, std::size_t fp) {
    const auto here = static_cast<double>(tp - last_positives);
    const auto below = static_cast<double>(negatives.size() - fp), equal = static_cast<double>(fp - last_negatives);
    ordered += here * (2 * below + equal);
    out.average_precision += here / p * (static_cast<double>(tp) / static_cast<double>(tp + fp));
    // In whole numbers: 19/20 of the positives.
    if (20 * tp >= 19 * positives.size()) out.fpr_at_95_tpr = std::min(out.fpr_at_95_tpr, static_cast<double>(fp) / n);
    last_positives = tp;
    last_negatives = fp;
  });
  out.auroc = ordered / (2 * p * n);
  return out;
}

std::vector<RocPoint> roc_curve(const std::vector<double>& positives, const std::vector<double>& negatives) {
  const std::vector<Scored> all = sorted(positives, negatives);
  std::vector<RocPoint> out{{std::numeric_limits<double>::infinity(), 0, 0}};
  for_each_threshold(all, [&](double score, std::size_t tp, std::size_t fp) {
    out.push_back({score, static_cast<double>(tp) / static_cast<double>(positives.size()),
                   static_cast<double>(fp) / static_cast<double>(negatives.size())});
  });
  return out;
}

std::vector<RiskPoint> risk_coverage(const std::vector<double>& confidence, const std::vector<bool>& correct) {
  if (confidence.size() != correct.size()) throw Error("", "confidences and outcomes differ in number");
  if (confidence.empty()) throw Error("", "there are no samples");
  std::vector<Scored> all;
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    if (std::isnan(confidence[i])) throw Error("", "a confidence is NaN");
    all.push_back({confidence[i], correct[i]});
  }
  std::sort(all.begin(), all.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  std::vector<RiskPoint> out;
  for_each_threshold(all, [&](double score, std::size_t right, std::size_t wrong) {
    const auto kept = static_cast<double>(right + wrong);
    out.push_back({score, kept / static_cast<double>(all.size()), static_cast<double>(wrong) / kept});
  });
  return out;
}

}  // namespace snnl::metrics
