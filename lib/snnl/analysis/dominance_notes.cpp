#include "snnl/analysis/dominance_notes.hpp"

#include <fmt/format.h>

#include <string>

#include "snnl/text/number.hpp"

namespace snnl::analysis {
namespace {

/// "feature 133 carries 99.7 %", "samples 4, 17 and 18 carry 99.1 %".
std::string carriers(const char* what, const std::vector<Share>& shares) {
  std::string indices;
  double sum = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    indices += k == 0 ? "" : k + 1 == shares.size() ? " and " : ", ";
    indices += std::to_string(shares[k].index);
    sum += shares[k].share;
  }
  const bool one = shares.size() == 1;
  return fmt::format("{}{} {} {} {} %", what, one ? "" : "s", indices, one ? "carries" : "carry",
                     text::format_short(100 * sum, 3));
}

}  // namespace

std::vector<DominanceNote> dominance_notes(const Dominance& dominance, std::size_t features) {
  std::vector<DominanceNote> out;
  const std::size_t constant = dominance.constant_features;
  if (2 * constant >= features && constant > 0) {
    out.push_back({"constant", fmt::format("{} of {} features are constant", constant, features),
                   "they are dead, or were never written; distances do not depend on them"});
  }
  if (!dominance.features.empty()) {
    out.push_back({"features",
                   carriers("feature", dominance.features) + " of the mean squared distance: the others hardly count",
                   "--standardize weighs them alike"});
  }
  if (!dominance.samples.empty()) {
    out.push_back({"samples", carriers("sample", dominance.samples) + " of the squared distances to the mean",
                   "look at them: they may be damaged, or of another scale"});
  }
  return out;
}

std::vector<DominanceNote> changed_notes(const FeatureOptions& options, const ChangedFeatures& changed,
                                         std::size_t samples, std::size_t features) {
  std::vector<DominanceNote> out;
  if (options.whiten == Whiten::none) return out;
  if (changed.dropped > 0) {
    out.push_back({"dropped",
                   fmt::format("{} of {} features are sums of the others, but for rounding", changed.dropped,
                               changed.features - changed.constant),
                   fmt::format("whitening kept {} components", features)});
  }
  constexpr std::size_t enough = 10;  // samples for each component
  if (samples < enough * features) {
    out.push_back({"few", fmt::format("{} samples for {} whitened components", samples, features),
                   fmt::format("with fewer than {} for each, whitened distances become alike", enough)});
  }
  return out;
}

}  // namespace snnl::analysis
