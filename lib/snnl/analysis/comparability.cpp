#include "snnl/analysis/comparability.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "snnl/analysis/sample_losses.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/text/number.hpp"

namespace snnl::analysis {
namespace {

std::string temperature_of(const Analysis& analysis) {
  const auto& temperature = analysis.options.entanglement.temperature;
  return temperature ? text::format_number(*temperature) : "auto";
}

std::string features_of(const Analysis& analysis) {
  const FeatureOptions& features = analysis.options.features;
  return features.whiten != Whiten::none ? "whitened" : features.standardize ? "standardised" : "as they are";
}

std::string number_or(std::size_t number, const char* otherwise) {
  return number > 0 ? std::to_string(number) : otherwise;
}

std::string list_or(const std::vector<std::string>& texts, const char* otherwise) {
  return texts.empty() ? otherwise : fmt::format("{}", fmt::join(texts, ","));
}

/// The first thing in which the classes differ.
void add_class_difference(const Analysis& a, const Analysis& b, std::vector<Difference>& out) {
  if (a.classes.size() != b.classes.size()) {
    out.push_back({"number of classes", std::to_string(a.classes.size()), std::to_string(b.classes.size())});
    return;
  }
  for (std::size_t k = 0; k < a.classes.size(); ++k) {
    const ClassCount &here = a.classes[k], &there = b.classes[k];
    if (here.name != there.name) {
      out.push_back({fmt::format("class {}", k), fmt::format("'{}'", here.name), fmt::format("'{}'", there.name)});
      return;
    }
    if (here.count != there.count && !same_neighborhood(a, b)) {
      out.push_back(
          {fmt::format("samples of class '{}'", here.name), std::to_string(here.count), std::to_string(there.count)});
      return;
    }
  }
}

}  // namespace

bool same_neighborhood(const Analysis& a, const Analysis& b) {
  const std::size_t size = a.options.entanglement.neighborhood;
  return size > 0 && size == b.options.entanglement.neighborhood;
}

std::vector<Difference> differences(const Analysis& a, const Analysis& b) {
  std::vector<Difference> out;
  const auto differ = [&](const char* what, const std::string& here, const std::string& there) {
    if (here != there) out.push_back({what, here, there});
  };
  const EntanglementOptions &here = a.options.entanglement, &there = b.options.entanglement;
  const dump::Pooling &here_pooled = a.options.pooling, &there_pooled = b.options.pooling;
  differ("label set", a.label_path, b.label_path);
  add_class_difference(a, b, out);
  differ("ignored labels", list_or(a.options.ignored_labels, "none"), list_or(b.options.ignored_labels, "none"));
  differ("distance", name_of(here.distance), name_of(there.distance));
  differ("temperature", temperature_of(a), temperature_of(b));
  differ("pool", dump::pool_text(a.options.pooling), dump::pool_text(b.options.pooling));
  // The same option makes other features of them.
  if (here_pooled.maps != dump::Pool::none && there_pooled.maps != dump::Pool::none) {
    differ("channels of maps", here_pooled.channels_last ? "last" : "first",
           there_pooled.channels_last ? "last" : "first");
  }
  differ("tokens", name_of(a.options.pooling.tokens), name_of(b.options.pooling.tokens));
  differ("features", features_of(a), features_of(b));
  differ("neighborhood", number_or(here.neighborhood, "all samples"), number_or(there.neighborhood, "all samples"));
  differ("rows", number_or(here.rows, "all"), number_or(there.rows, "all"));
  return out;
}

std::string other_samples(const Analysis& a, const Analysis& b) {
  std::map<std::pair<std::int64_t, std::string>, const AnalysedItem*> there;
  for (const AnalysedItem& item : b.items) there[{item.epoch, item.layer}] = &item;
  std::size_t others = 0, told = 0;
  for (const AnalysedItem& item : a.items) {
    const auto found = there.find({item.epoch, item.layer});
    if (found == there.end() || !item.result || !found->second->result) continue;
    if (item.result->samples != found->second->result->samples) continue;
    const Samples samples = compare_samples(item, *found->second);
    told += samples != Samples::unknown;
    others += samples == Samples::others;
  }
  if (others == 0) return "";
  return others == told ? "their sample ids differ"
                        : fmt::format("their sample ids differ in {} of {} items", others, told);
}

}  // namespace snnl::analysis
