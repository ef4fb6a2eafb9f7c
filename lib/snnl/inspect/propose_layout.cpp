#include "snnl/inspect/propose_layout.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/labels.hpp"
#include "snnl/dump/layout_pattern.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/layout_candidates.hpp"
#include "snnl/inspect/survey.hpp"
#include "snnl/text/shell.hpp"

namespace snnl::inspect {
namespace {

using dump::LayoutPattern;

// The layout up to the name that holds {epoch}; empty where there is none among its groups.
std::string epoch_group(const std::string& layout) {
  const std::size_t mark = layout.find("{epoch}");
  const std::size_t end = mark == std::string::npos ? mark : layout.find('/', mark);
  return end == std::string::npos ? "" : layout.substr(0, end);
}

/// A label option to try.
struct LabelOption {
  std::string option;
  double score = 0;  // of the dataset, as a survey tells it
};

// The likeliest first.
std::vector<LabelOption> label_options(const std::string& layout, const std::vector<Surveyed>& all,
                                       const Layers& layers) {
  const hdf5::OwnWork own_work;
  std::map<std::string, std::pair<double, double>> scores;  // by option: rank, and score of the dataset
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
    const bool is_default = one.path == "/labels";
    if (!in_epoch) scores[is_default ? "" : one.path] = {one.label_score + (is_default ? 2 : 0), one.label_score};
  }
  for (const auto& [rest, epochs] : groups_with) {
    if (epochs.size() != groups.size()) continue;
    // Labels beside each epoch's layers fit these better than those of the whole file.
    scores[rest == "/labels" ? "" : group + rest] = {score_of[rest] + 3, score_of[rest]};
  }
  std::vector<std::pair<double, LabelOption>> order;
  for (const auto& [option, score] : scores) order.push_back({-score.first, {option, score.second}});
  std::stable_sort(order.begin(), order.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<LabelOption> options;
  for (auto& [rank, option] : order) options.push_back(std::move(option));
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

/// What comes of reading by some options.
struct Reading {
  std::size_t good = 0;                                                  ///< items of as many samples as labels
  std::vector<std::tuple<std::string, std::size_t, std::size_t>> parts;  ///< place, number of its epoch and layer

  bool is_complete() const { return good > 0 && good == parts.size(); }
};

Reading try_out(const std::vector<std::string>& files, const dump::Options& options, std::size_t samples) {
  try {
    const dump::Reader reader(files, options);
    Reading out;
    for (const dump::Item& item : reader.items()) {
      out.parts.emplace_back(item.location, 0, 0);
      try {
        const dump::ItemSize size = reader.size(item);
        // Files may each have their own number of samples.
        out.good += size.features > 0 && (files.size() > 1 || size.samples == samples) ? 1 : 0;
      } catch (const Error&) {
        // Counts as bad.
      }
    }
    // Which belong together is what matters, not how epochs and layers are called.
    std::map<std::string, const dump::Item*> by_place;
    for (const dump::Item& item : reader.items()) by_place[item.location] = &item;
    std::map<std::int64_t, std::size_t> epochs;
    std::map<std::string, std::size_t> layers;
    std::sort(out.parts.begin(), out.parts.end());
    for (auto& [place, epoch, layer] : out.parts) {
      epoch = epochs.emplace(by_place[place]->epoch, epochs.size()).first->second;
      layer = layers.emplace(by_place[place]->layer, layers.size()).first->second;
    }
    return out;
  } catch (const Error&) {
    return {};
  }
}

/// Whether two label sets of a file make the same classes, whatever these are called.
bool same_classes(const std::string& file_name, const std::string& one, const std::string& other) {
  if (one.find('{') != std::string::npos || other.find('{') != std::string::npos) return false;
  try {
    const hdf5::Handle file = hdf5::open_file(file_name);
    const auto codes = [&](const std::string& option) {
      std::vector<std::int32_t> out = dump::read_labels(file, file_name, option.empty() ? "/labels" : option).codes;
      std::map<std::int32_t, std::int32_t> first;
      for (std::int32_t& code : out) code = first.emplace(code, static_cast<std::int32_t>(first.size())).first->second;
      return out;
    };
    return codes(one) == codes(other);
  } catch (const Error&) {
    return false;
  }
}

std::string option_text(const std::string& option, const std::string& value) {
  return option + " " + text::shell_quoted(value);
}

/// Proposes for one set of files.
class Proposer {
 public:
  Proposer(const std::vector<std::string>& files, const dump::Options& given, std::vector<Surveyed> all)
      : files_(files), given_(given), all_(std::move(all)), layers_(find_layers(all_)) {}

  std::optional<Proposal> propose(bool keep_layout) {
    if (layers_.by_path.empty()) return std::nullopt;
    if (keep_layout || !given_.layout.empty()) {
      candidates_.push_back({given_.layout, 0, {}, {}});
    } else {
      candidates_ = candidates_for(all_, layers_);
    }
    std::optional<Proposal> best;
    std::size_t best_good = 0;
    for (std::size_t k = 0; k < std::min(most_layouts, candidates_.size()); ++k) {
      const std::vector<LabelOption> labels = labels_for(candidates_[k]);
      for (const LabelOption& one : labels) {
        Proposal proposal = with(candidates_[k], one);
        const Reading reading = read(proposal);
        if (reading.is_complete()) {
          proposal.fits = one.score >= least_score;
          add_other_labels(proposal, candidates_[k], labels);
          add_other_layouts(proposal, k, reading);
          if (!keep_layout) add_other_samples(proposal);
          return proposal;
        }
        if (reading.good > best_good) {
          best_good = reading.good;
          best = std::move(proposal);
        }
      }
    }
    const auto may_label = [](const Surveyed& one) { return one.label_score >= 0; };
    if (!best && !candidates_.empty() && !keep_layout && std::none_of(all_.begin(), all_.end(), may_label)) {
      best = with(candidates_.front(), {given_.labels, 0});
    }
    return best;
  }

 private:
  static constexpr std::size_t most_layouts = 12;
  static constexpr std::size_t most_labels = 6;
  static constexpr double least_score = 3;      // of what looks like labels
  static constexpr double near_in_score = 1.5;  // of layouts

  std::vector<LabelOption> labels_for(const Candidate& candidate) const {
    if (!given_.labels.empty()) return {{given_.labels, least_score}};
    std::vector<LabelOption> labels = label_options(pattern_of(candidate).text(), all_, layers_);
    if (labels.size() > most_labels) labels.resize(most_labels);
    return labels;
  }

  LayoutPattern pattern_of(const Candidate& candidate) const {
    dump::Options options = given_;
    options.layout = candidate.layout;
    return dump::layout_of(options);
  }

  Proposal with(const Candidate& candidate, const LabelOption& labels) const {
    Proposal out;
    out.layout = candidate.layout;
    out.labels = labels.option;
    out.layers = layers_to_name(candidate, pattern_of(candidate), labels.option);
    return out;
  }

  Reading read(const Proposal& proposal) const {
    dump::Options options = given_;
    options.layout = proposal.layout;
    options.labels = proposal.labels;
    options.layers = proposal.layers;
    return try_out(files_, options, layers_.samples);
  }

  /// Labels where the default finds them are those that are meant.
  void add_other_labels(Proposal& proposal, const Candidate& candidate, const std::vector<LabelOption>& labels) const {
    if (proposal.labels.empty()) return;
    for (const LabelOption& other : labels) {
      if (other.option == proposal.labels || other.score < least_score) continue;
      if (same_classes(files_[0], proposal.labels, other.option) || !read(with(candidate, other)).is_complete())
        continue;
      proposal.others.push_back(option_text("--labels", other.option.empty() ? "/labels" : other.option));
    }
  }

  void add_other_layouts(Proposal& proposal, std::size_t chosen, const Reading& reading) const {
    for (std::size_t k = chosen + 1; k < std::min(most_layouts, candidates_.size()); ++k) {
      if (candidates_[k].score < candidates_[chosen].score - near_in_score) break;
      for (const LabelOption& labels : labels_for(candidates_[k])) {
        const Reading other = read(with(candidates_[k], labels));
        if (!other.is_complete()) continue;
        if (other.parts.size() >= reading.parts.size() && other.parts != reading.parts) {
          proposal.others.push_back(option_text("--layout", candidates_[k].layout));
        }
        break;
      }
    }
  }

  /// Labels of another number of samples that has activations of its own: training samples beside test samples.
  void add_other_samples(Proposal& proposal) const {
    constexpr std::size_t most = 8;
    for (const Surveyed& one : all_) {
      if (one.label_score < least_score || one.shape[0] < 2 || one.shape[0] == layers_.samples) continue;
      const auto is_of_these = [&](const Surveyed& other) { return other.numbers && other.shape[0] == one.shape[0]; };
      if (std::none_of(all_.begin(), all_.end(), is_of_these)) continue;
      proposal.others.push_back(option_text("--labels", one.path));
      if (proposal.others.size() >= most) return;
    }
  }

  const std::vector<std::string>& files_;
  const dump::Options& given_;
  std::vector<Surveyed> all_;
  Layers layers_;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::optional<Proposal> propose_layout(const std::vector<std::string>& files, const dump::Options& given,
                                       bool keep_layout) {
  const hdf5::QuietErrors quiet;
  std::vector<Surveyed> all;
  try {
    all = survey(hdf5::open_file(files.at(0)), files[0]);
  } catch (const Error&) {
    return std::nullopt;
  }
  return Proposer(files, given, std::move(all)).propose(keep_layout);
}

std::string Proposal::text() const {
  std::string out;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) out.append(out.empty() ? "" : " ").append(option_text(option, value));
  };
  add("--layout", layout);
  add("--labels", labels);
  for (const std::string& layer : layers) add("--layers", layer);
  return out;
}

}  // namespace snnl::inspect
