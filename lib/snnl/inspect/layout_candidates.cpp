#include "snnl/inspect/layout_candidates.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/layout_pattern.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/name_meaning.hpp"
#include "snnl/inspect/path_patterns.hpp"
#include "snnl/text/natural_order.hpp"

namespace snnl::inspect {
namespace {

using dump::LayoutPattern;

bool fits(const Surveyed& one, std::size_t samples) {
  if (!one.numbers) return false;
  return one.shape[0] == samples || (one.shape.size() >= 3 && one.shape[1] == samples && one.shape[0] > 0);
}

// How likely these texts are epochs; below -5 where the reader would refuse them.
double epoch_score(const std::set<std::string, text::NaturalLess>& texts, const std::string& before, bool whole_name,
                   bool both) {
  std::set<std::int64_t> numbers;
  std::set<std::string> words;
  bool digits = true;
  for (const std::string& text : texts) {
    std::optional<std::int64_t> number;
    try {
      number = dump::last_integer(text, "");
    } catch (const Error&) {
      return -10;
    }
    if (number && !numbers.insert(*number).second) return -10;
    words.insert(word_of(text));
    digits = digits && all_digits(text);
  }
  if (numbers.empty()) {
    const bool stages = std::all_of(texts.begin(), texts.end(), says_stage);
    return stages && texts.size() > 1 ? 2 : -4;
  }
  if (numbers.size() != texts.size()) return -10;
  const bool named = says_epoch(word_of(before)) || (words.size() == 1 && says_epoch(*words.begin()));
  const bool counts_layers =
      (!whole_name && says_layer(word_of(before))) || (words.size() == 1 && says_layer(*words.begin()));
  if (counts_layers && !named) return -2;
  double score = named ? 3 : digits ? (both ? 1 : 2.5) : words.size() == 1 ? 1.5 : -2;
  if (texts.size() == 1) score = named ? 1 : -1;
  return score;
}

// The literal text before {epoch}, back to the slash: "epoch_" of "/runs/epoch_{epoch}/{layer}", else the group's name.
std::string text_before_epoch(const std::string& layout) {
  const std::size_t mark = layout.find("{epoch}");
  if (mark == std::string::npos || mark == 0) return "";
  const std::size_t end = layout[mark - 1] == '/' && mark > 1 ? mark - 1 : mark;
  std::string text = layout.substr(layout.rfind('/', end - 1) + 1, end - layout.rfind('/', end - 1) - 1);
  const std::size_t layer = text.find("{layer}");
  if (layer != std::string::npos) text.erase(0, layer + 7);
  return text;
}

std::optional<Candidate> judge(const std::string& layout, const std::vector<Surveyed>& all, const Layers& layers) {
  const LayoutPattern pattern(layout);
  std::set<std::string, text::NaturalLess> epochs;
  std::map<std::string, std::set<std::vector<std::size_t>>> shapes;  // of each layer
  std::set<std::string> bad_layers;
  std::vector<std::string> bad;
  std::size_t good = 0;
  std::size_t axes = 0;
  for (const Surveyed& one : all) {
    const bool labels = one.path == "/labels" || one.path == "/sample_ids" || one.path.starts_with("/label_sets/") ||
                        one.is_one_hot_labels();
    const auto match = labels ? std::nullopt : pattern.match(one.path);
    if (!match) continue;
    if (!layers.by_path.contains(one.path)) {
      bad.push_back(one.path);
      bad_layers.insert(match->layer);
      continue;
    }
    ++good;
    axes += layers.has_epoch_axis(one) ? 1 : 0;
    if (pattern.has_epoch()) epochs.insert(match->epoch);
    shapes[match->layer].insert(one.shape);
  }
  if (good == 0 || (pattern.has_epoch() && axes > 0)) return std::nullopt;

  Candidate candidate;
  candidate.layout = layout;
  const auto number = [](std::size_t count) { return static_cast<double>(count); };
  candidate.score =
      10 * number(good) / number(layers.by_path.size()) - 3 * number(bad.size()) / number(good + bad.size());
  if (pattern.has_epoch()) {
    const bool both = layout.find("{layer}_{") != std::string::npos || layout.find("}_{layer}") != std::string::npos;
    const bool whole_name = layout.find("/{epoch}") != std::string::npos;
    const double by_epochs = epoch_score(epochs, text_before_epoch(layout), whole_name, both);
    if (by_epochs < -5) return std::nullopt;
    candidate.score += by_epochs;
    candidate.score += 3 * number(good) / number(epochs.size() * shapes.size());
    if (!whole_name) candidate.score -= .02;  // whole names first
  } else {
    candidate.score += 3;
  }
  std::size_t steady = 0;
  std::set<std::vector<std::size_t>> kinds;
  double slashes = 0;
  std::size_t numbers = 0;
  for (const auto& [layer, of_layer] : shapes) {
    steady += of_layer.size() == 1 ? 1 : 0;
    kinds.insert(of_layer.begin(), of_layer.end());
    slashes += number(static_cast<std::size_t>(std::count(layer.begin(), layer.end(), '/')));
    numbers += all_digits(layer) ? 1 : 0;
  }
  candidate.score += 2 * number(steady) / number(shapes.size());
  if (steady == shapes.size() && kinds.size() > 1 && epochs.size() > 1) candidate.score += 1;
  if (numbers == shapes.size()) candidate.score -= 2;
  candidate.score -= .05 * slashes / number(shapes.size());
  if (!pattern.has_layer()) candidate.score -= .5;

  if (axes == good && axes > 0) candidate.layout += "[{epoch}]";
  for (const auto& [layer, of_layer] : shapes) {
    if (!bad_layers.contains(layer)) candidate.layers.push_back(layer);
  }
  candidate.bad = std::move(bad);
  std::sort(candidate.layers.begin(), candidate.layers.end(), text::NaturalLess());
  return candidate;
}

}  // namespace

Layers find_layers(const std::vector<Surveyed>& all) {
  std::map<std::size_t, std::pair<std::size_t, double>> votes;  // by samples: datasets, best label score
  for (const Surveyed& one : all) {
    if (one.label_score >= 0 && one.shape[0] >= 2) {
      auto& best = votes[one.shape[0]].second;
      best = std::max(best, one.label_score);
    }
  }
  if (votes.empty()) {  // no labels: the length that most share
    for (const Surveyed& one : all) {
      if (one.numbers && one.shape[0] >= 2) votes[one.shape[0]].second = 0;
    }
  }
  for (auto& [samples, vote] : votes) {
    for (const Surveyed& one : all) vote.first += fits(one, samples) && one.label_score < 0 ? 1 : 0;
  }
  Layers layers;
  std::pair<std::size_t, double> most{0, -1};
  for (const auto& [samples, vote] : votes) {
    if (vote > most) layers.samples = samples, most = vote;
  }
  if (layers.samples == 0) return layers;
  for (const Surveyed& one : all) {
    // One column may be labels or a layer; it is a layer where nothing else could be.
    if (fits(one, layers.samples) && one.label_score < 4) layers.by_path.emplace(one.path, &one);
  }
  return layers;
}

std::vector<Candidate> candidates_for(const std::vector<Surveyed>& all, const Layers& layers) {
  const hdf5::OwnWork own_work;
  // A few paths of each depth stand for all.
  std::map<std::size_t, std::vector<std::string>> by_depth;
  for (const auto& [path, one] : layers.by_path) {
    by_depth[static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'))].push_back(path);
  }
  std::set<std::string> patterns;
  for (const auto& [depth, paths] : by_depth) {
    for (const std::size_t place : {std::size_t{0}, std::size_t{1}, paths.size() / 2, paths.size() - 1}) {
      if (place < paths.size()) add_patterns(paths[place], patterns);
    }
  }
  std::vector<Candidate> candidates;
  for (const std::string& layout : patterns) {
    try {
      if (auto candidate = judge(layout, all, layers)) candidates.push_back(std::move(*candidate));
    } catch (const Error&) {
      // A name with braces makes no pattern.
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  return candidates;
}

}  // namespace snnl::inspect
