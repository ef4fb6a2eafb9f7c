#include "check/baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "snnl/analysis/comparability.hpp"
#include "snnl/analysis/measures.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/error.hpp"

namespace snnl::check {
namespace {

using Items = std::vector<const AnalysedItem*>;

/// The mean over the items of what `number` gives of each.
template <class Number>
double mean(const Items& items, const Number& number) {
  double sum = 0;
  for (const AnalysedItem* item : items) sum += number(*item);
  return sum / static_cast<double>(items.size());
}

/// Why the items of the files have no mean; empty where they have.
std::string no_mean(const Items& items, const std::vector<std::string>& files, bool count_matters) {
  for (std::size_t k = 0; k < items.size(); ++k) {
    if (!items[k]) return fmt::format("{} has no such item", files[k]);
    if (!items[k]->result) return fmt::format("in {}: {}", files[k], items[k]->message);
    const Entanglement &first = *items[0]->result, &other = *items[k]->result;
    const auto differ = [&](const char* what, std::size_t here, std::size_t there) {
      return fmt::format("{} has {} samples {}, {} has {}", files[0], here, what, files[k], there);
    };
    if (count_matters && first.samples != other.samples) return differ("analysed", first.samples, other.samples);
    if (count_matters && first.scored != other.scored) return differ("scored", first.scored, other.scored);
    if (items[0]->ignored != items[k]->ignored) return differ("left out", items[0]->ignored, items[k]->ignored);
    if (items[0]->dropped != items[k]->dropped) return differ("dropped", items[0]->dropped, items[k]->dropped);
  }
  return "";
}

/// Losses of each sample, where all items have those of the same samples.
std::vector<float> mean_losses(const Items& items) {
  for (const AnalysedItem* item : items) {
    const analysis::Samples samples = analysis::compare_samples(*item, *items[0]);
    const bool one_set = samples == analysis::Samples::same || samples == analysis::Samples::unknown;
    const bool same = one_set && item->sample_digest == items[0]->sample_digest &&
                      item->sample_losses.size() == items[0]->sample_losses.size();
    if (!same || item->sample_digest.empty()) return {};
  }
  std::vector<float> out(items[0]->sample_losses.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(mean(items, [&](const AnalysedItem& item) { return double{item.sample_losses[i]}; }));
  }
  return out;
}

AnalysedItem mean_item(const Items& items) {
  AnalysedItem out = *items[0];
  Entanglement& r = *out.result;
  const auto of = [&](const auto& field) {
    return mean(items, [&](const AnalysedItem& item) { return double{field(*item.result)}; });
  };
  for (const analysis::Measure& measure : analysis::measures()) {
    r.*measure.value = of([&](const Entanglement& one) { return one.*measure.value; });
  }
  r.temperature = of([](const Entanglement& one) { return one.temperature; });
  r.mean_distance = of([](const Entanglement& one) { return one.mean_distance; });
  for (std::size_t c = 0; c < r.class_entanglement.size(); ++c) {
    r.class_entanglement[c] = of([&](const Entanglement& one) { return one.class_entanglement[c]; });
  }
  for (std::size_t k = 0; k < r.class_similarity.size(); ++k) {
    r.class_similarity.data()[k] = of([&](const Entanglement& one) { return one.class_similarity.data()[k]; });
  }
  for (const AnalysedItem* item : items) {
    if (item->result->temperature_status == TemperatureStatus::uncertain)
      r.temperature_status = TemperatureStatus::uncertain;
  }
  out.sample_losses = mean_losses(items);
  if (out.sample_losses.empty()) out.sample_digest.clear();
  for (const AnalysedItem* item : items) {
    const analysis::Samples samples = analysis::compare_samples(*item, *items[0]);
    if (samples == analysis::Samples::others || samples == analysis::Samples::unknown) out.sample_ids.reset();
  }
  out.digest.clear();
  return out;
}

/// Whether all numbers of the two are the same.
bool are_one_run(const Analysis& a, const Analysis& b) {
  const auto same = [](const AnalysedItem& x, const AnalysedItem& y) {
    if (x.epoch != y.epoch || x.layer != y.layer || x.result.has_value() != y.result.has_value()) return false;
    return !x.result || (x.result->value == y.result->value && x.result->temperature == y.result->temperature);
  };
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same);
}

}  // namespace

std::string Baseline::name() const {
  return is_of_several() ? fmt::format("{} and {} more", files[0], files.size() - 1) : files.at(0);
}

Baseline baseline_of(Analysis analysis, const std::string& file) { return {{file}, std::move(analysis), {}}; }

void require_set(const std::vector<Analysis>& analyses, const std::vector<std::string>& files) {
  for (std::size_t k = 1; k < analyses.size(); ++k) {
    for (const analysis::Difference& one : analysis::differences(analyses[0], analyses[k])) {
      throw Error(files[k], fmt::format("cannot be compared with {}, which is a baseline beside it: {}: {}, {} there",
                                        files[0], one.what, one.there, one.here));
    }
    for (std::size_t earlier = 0; earlier < k; ++earlier) {
      if (!are_one_run(analyses[k], analyses[earlier])) continue;
      throw Error(files[k], fmt::format("has the numbers of {}: it is the same run", files[earlier]),
                  "give each run once, and trainings of several seeds");
    }
  }
}

std::vector<std::string> sample_remarks(const std::vector<Analysis>& analyses, const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (std::size_t k = 1; k < analyses.size(); ++k) {
    const std::string why = analysis::other_samples(analyses[0], analyses[k]);
    if (!why.empty()) out.push_back(fmt::format("{} is of other samples than {}: {}", files[k], files[0], why));
  }
  return out;
}

Baseline baseline_of(const std::vector<Analysis>& analyses, const std::vector<std::string>& files) {
  if (analyses.size() < least_runs) {
    throw Error("--baseline", fmt::format("{} runs do not tell how much another may differ", analyses.size()),
                fmt::format("give one, or the runs of {} seeds or more", least_runs));
  }
  Baseline out{files, analyses[0], {}};
  require_set(analyses, files);
  out.remarks = sample_remarks(analyses, files);
  const bool count_matters = !analysis::same_neighborhood(analyses[0], analyses[1]);
  std::vector<std::map<Key, const AnalysedItem*>> by_key(analyses.size());
  std::vector<Key> keys;
  std::set<Key> seen;
  for (std::size_t k = 0; k < analyses.size(); ++k) {
    for (const AnalysedItem& item : analyses[k].items) {
      const Key key{item.epoch, item.layer};
      by_key[k][key] = &item;
      if (seen.insert(key).second) keys.push_back(key);
    }
  }
  out.numbers.items.clear();
  for (const Key& key : keys) {
    Items items;
    for (const auto& of_run : by_key) items.push_back(of_run.contains(key) ? of_run.at(key) : nullptr);
    if (const std::string why = no_mean(items, files, count_matters); !why.empty()) {
      out.numbers.items.push_back({key.first, key.second, why, 0, std::nullopt});
      continue;
    }
    out.numbers.items.push_back(mean_item(items));
    for (const AnalysedItem* item : items) out.runs[key].push_back(item->result->value);
  }
  return out;
}

}  // namespace snnl::check
