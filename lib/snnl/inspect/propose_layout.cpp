#include "snnl/inspect/propose_layout.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/layout_pattern.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/layout_candidates.hpp"
#include "snnl/inspect/survey.hpp"

namespace snnl::inspect {
namespace {

using dump::LayoutPattern;

// The layout up to the name that holds {epoch}; empty where there is none among its groups.
std::string epoch_group(const std::string& layout) {
  const std::size_t mark = layout.find("{epoch}");
  const std::size_t end = mark == std::string::npos ? mark : layout.find('/', mark);
  return end == std::string::npos ? "" : layout.substr(0, end);
}

// Label options to try, the likeliest first.
std::vector<std::string> label_options(const std::string& layout, const std::vector<Surveyed>& all,
                                       const Layers& layers) {
  const hdf5::OwnWork own_work;
  std::map<std::string, double> scores;
  const LayoutPattern pattern(layout);
  const std::string group = epoch_group(layout);
  std::map<std::string, std::set<std::string>> groups_with;  // by what follows the epoch's group
  std::map<std::string, double> score_of;
  std::set<std::string> groups;
  if (!group.empty()) {
    for (const auto& [path, one] : layers.by_path) {
      if (const auto match = pattern.match(path)) groups.insert(match->epoch_object);
    }
  }
  for (const Surveyed& one : all) {
    if (one.label_score < 0 || one.shape[0] != layers.samples) continue;
    bool in_epoch = false;
    for (const std::string& epoch : groups) {
      if (!one.path.starts_with(epoch + "/")) continue;
      in_epoch = true;
      const std::string rest = one.path.substr(epoch.size());
      groups_with[rest].insert(epoch);
      score_of[rest] = one.label_score;
    }
    if (!in_epoch) scores[one.path == "/labels" ? "" : one.path] = one.label_score + (one.path == "/labels" ? 2 : 0);
  }
  for (const auto& [rest, epochs] : groups_with) {
    // Labels beside each epoch's layers fit these better than those of the whole file.
    if (epochs.size() == groups.size()) scores[rest == "/labels" ? "" : group + rest] = score_of[rest] + 3;
  }
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [option, score] : scores) order.emplace_back(-score, option);
  std::sort(order.begin(), order.end());
  std::vector<std::string> options;
  for (const auto& [score, option] : order) options.push_back(option);
  return options;
}

// The layers to name, where something else matches that is not the labels.
std::vector<std::string> layers_to_name(const Candidate& candidate, const LayoutPattern& pattern,
                                        const std::string& labels) {
  constexpr std::size_t most_layers = 64;  // in a command
  if (candidate.layers.size() > most_layers) return {};
  const bool others = std::any_of(candidate.bad.begin(), candidate.bad.end(), [&](const std::string& path) {
    const auto match = pattern.match(path);
    return match && path != dump::fill_placeholders(labels, match->epoch, match->layer) &&
           path != match->epoch_object + "/labels";
  });
  return others ? candidate.layers : std::vector<std::string>();
}

/// Items that have as many samples as there are labels, and all items.
std::pair<std::size_t, std::size_t> try_out(const std::vector<std::string>& files, const dump::Options& options,
                                            std::size_t samples) {
  try {
    const dump::Reader reader(files, options);
    std::size_t good = 0;
    for (const dump::Item& item : reader.items()) {
      try {
        const dump::ItemSize size = reader.size(item);
        // Files may each have their own number of samples.
        good += size.features > 0 && (files.size() > 1 || size.samples == samples) ? 1 : 0;
      } catch (const Error&) {
        // Counts as bad.
      }
    }
    return {good, reader.items().size()};
  } catch (const Error&) {
    return {0, 0};
  }
}

}  // namespace

std::optional<Proposal> propose_layout(const std::vector<std::string>& files, const dump::Options& given,
                                       bool keep_layout) {
  constexpr std::size_t most_layouts = 12;
  constexpr std::size_t most_labels = 6;
  const hdf5::QuietErrors quiet;
  std::vector<Surveyed> all;
  try {
    all = survey(hdf5::open_file(files.at(0)), files[0]);
  } catch (const Error&) {
    return std::nullopt;
  }
  const Layers layers = find_layers(all);
  if (layers.by_path.empty()) return std::nullopt;
  std::vector<Candidate> candidates;
  if (keep_layout || !given.layout.empty()) {
    candidates.push_back({given.layout, 0, {}, {}});
  } else {
    candidates = candidates_for(all, layers);
  }

  std::optional<Proposal> best;
  std::size_t best_good = 0;
  for (std::size_t k = 0; k < std::min(most_layouts, candidates.size()); ++k) {
    const Candidate& candidate = candidates[k];
    dump::Options options = given;
    options.layout = candidate.layout;
    const LayoutPattern pattern = dump::layout_of(options);
    std::vector<std::string> labels{given.labels};
    if (given.labels.empty()) labels = label_options(pattern.text(), all, layers);
    for (std::size_t i = 0; i < std::min(most_labels, labels.size()); ++i) {
      options.labels = labels[i];
      options.layers = layers_to_name(candidate, pattern, labels[i]);
      const auto [good, items] = try_out(files, options, layers.samples);
      if (good > best_good) {
        best_good = good;
        best = Proposal{options.layout, options.labels, options.layers};
      }
      if (good > 0 && good == items) return Proposal{options.layout, options.labels, options.layers};
    }
  }
  const auto may_label = [](const Surveyed& one) { return one.label_score >= 0; };
  if (!best && !candidates.empty() && !keep_layout && std::none_of(all.begin(), all.end(), may_label)) {
    const Candidate& likeliest = candidates.front();
    best = Proposal{likeliest.layout, given.labels, layers_to_name(likeliest, LayoutPattern(likeliest.layout), "")};
  }
  return best;
}

}  // namespace snnl::inspect
