#include "snnl/inspect/propose_layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/layout_pattern.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/survey.hpp"
#include "snnl/text/natural_order.hpp"

namespace snnl::inspect {
namespace {

using dump::LayoutPattern;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(const std::string& text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

std::vector<std::string> names_of(const std::string& path) {
  std::vector<std::string> names;
  for (std::size_t begin = 1; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    names.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

// What is left of a name without its last number, in small letters: "Epoch_12" is "epoch".
std::string word_of(const std::string& name) {
  std::string word;
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return word;
}

bool says_epoch(const std::string& word) {
  static const std::set<std::string> words = {"epoch", "epochs", "ep",         "e",       "step",       "steps",
                                              "iter",  "it",     "iteration",  "ckpt",    "checkpoint", "time",
                                              "t",     "global", "globalstep", "snapshot"};
  return words.contains(word);
}

bool says_layer(const std::string& word) {
  static const std::set<std::string> words = {"layer", "layers", "block",  "blocks",    "conv", "fc",
                                              "dense", "linear", "stage",  "hidden",    "bn",   "norm",
                                              "relu",  "mlp",    "attn",   "attention", "h",    "head",
                                              "pool",  "unit",   "module", "stack",     "res",  "resblock"};
  return words.contains(word);
}

bool says_stage(const std::string& name) {
  constexpr std::array stages = {"init", "start", "begin", "middle", "end", "final", "last", "before", "after", "best"};
  const std::string word = word_of(name);
  return std::any_of(stages.begin(), stages.end(),
                     [&](const char* stage) { return word.find(stage) != std::string::npos; });
}

/// The datasets of one file that might be layers, and how many samples they have.
struct Layers {
  std::size_t samples = 0;
  std::map<std::string, const Surveyed*> by_path;

  bool has_epoch_axis(const Surveyed& one) const { return one.shape[0] != samples; }
};

bool fits(const Surveyed& one, std::size_t samples) {
  if (!one.numbers) return false;
  return one.shape[0] == samples || (one.shape.size() >= 3 && one.shape[1] == samples && one.shape[0] > 0);
}

/// The number of samples is the length of some labels, that which most datasets share.
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

std::string joined(const std::vector<std::string>& names) {
  std::string path;
  for (const std::string& name : names) path.append("/").append(name);
  return path;
}

// "conv_1_7" -> "{layer}_{epoch}", "e7-conv" -> "e{epoch}-{layer}"
std::vector<std::string> both_in_one(const std::string& name) {
  std::vector<std::string> patterns;
  const auto is_separator = [](char c) { return c == '_' || c == '-' || c == '.' || c == ':' || c == '@' || c == ' '; };
  std::size_t end = name.size();
  while (end > 0 && is_digit(name[end - 1])) --end;
  if (end < name.size() && end > 0) {
    if (is_separator(name[end - 1]) && end > 1) patterns.push_back("{layer}" + name.substr(end - 1, 1) + "{epoch}");
    const std::size_t epoch_word = is_separator(name[end - 1]) ? end - 1 : end;
    std::size_t word = epoch_word;
    while (word > 0 && std::isalpha(static_cast<unsigned char>(name[word - 1])) != 0) --word;
    if (word > 1 && is_separator(name[word - 1]) && says_epoch(word_of(name.substr(word, epoch_word - word)))) {
      patterns.push_back("{layer}" + name.substr(word - 1, end - word + 1) + "{epoch}");
    }
  }
  const std::size_t first = std::min(name.find_first_of("0123456789"), name.size());
  std::size_t after = first;
  while (after < name.size() && is_digit(name[after])) ++after;
  if (after > first && after + 1 < name.size() && is_separator(name[after])) {
    patterns.push_back(name.substr(0, first) + "{epoch}" + name.substr(after, 1) + "{layer}");
  }
  return patterns;
}

// "epoch_12" -> "epoch_{epoch}"; one for each number in the name.
std::vector<std::string> parts_of_name(const std::string& name) {
  std::vector<std::string> patterns;
  if (all_digits(name)) return patterns;
  for (std::size_t first = 0; first < name.size(); ++first) {
    if (!is_digit(name[first])) continue;
    std::size_t last = first;
    while (last < name.size() && is_digit(name[last])) ++last;
    patterns.push_back(name.substr(0, first) + "{epoch}" + name.substr(last));
    first = last;
  }
  return patterns;
}

void add_patterns(const std::string& path, std::set<std::string>& patterns) {
  const std::vector<std::string> names = names_of(path);
  if (names.size() > 12 || path.find_first_of("{}") != std::string::npos) return;
  const auto with_layer = [&](std::vector<std::string> filled, std::size_t epoch) {
    for (std::size_t first = 0; first < filled.size(); ++first) {
      for (std::size_t last = first; last < filled.size() && last != epoch; ++last) {
        if (first == epoch) break;
        std::vector<std::string> one = filled;
        one.erase(one.begin() + static_cast<std::ptrdiff_t>(first + 1),
                  one.begin() + static_cast<std::ptrdiff_t>(last + 1));
        one[first] = "{layer}";
        patterns.insert(joined(one));
      }
    }
  };
  with_layer(names, names.size());
  for (std::size_t epoch = 0; epoch < names.size(); ++epoch) {
    std::vector<std::string> texts = parts_of_name(names[epoch]);
    texts.emplace_back("{epoch}");
    for (const std::string& text : texts) {
      std::vector<std::string> filled = names;
      filled[epoch] = text;
      patterns.insert(joined(filled));
      with_layer(filled, epoch);
    }
    for (const std::string& text : both_in_one(names[epoch])) {
      std::vector<std::string> filled = names;
      filled[epoch] = text;
      patterns.insert(joined(filled));
    }
  }
}

struct Candidate {
  std::string layout;
  double score = 0;
  std::vector<std::string> layers;  // that are activations
  std::vector<std::string> bad;     // paths that match and are none; they may be labels
};

// How likely these texts are epochs; below -5 where the reader would refuse them.
double epoch_score(const std::set<std::string, NaturalLess>& texts, const std::string& before, bool whole_name,
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
  std::set<std::string, NaturalLess> epochs;
  std::map<std::string, std::set<std::vector<std::size_t>>> shapes;  // of each layer
  std::set<std::string> bad_layers;
  std::vector<std::string> bad;
  std::size_t good = 0;
  std::size_t axes = 0;
  for (const Surveyed& one : all) {
    const bool labels = one.path == "/labels" || one.path == "/sample_ids" || one.path.starts_with("/label_sets/");
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
  std::sort(candidate.layers.begin(), candidate.layers.end(), NaturalLess());
  return candidate;
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
