#include "snnl/dump/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "snnl/dump/selection.hpp"
#include "snnl/error.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/natural_order.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

// A layout that might fit such paths.
std::string example_layout(const std::vector<std::string>& paths) {
  std::ptrdiff_t depth = 0;
  for (const std::string& path : paths) depth = std::max(depth, std::count(path.begin(), path.end(), '/'));
  return depth <= 1 ? "'/{layer}'" : depth == 2 ? "'/{epoch}/{layer}'" : "'/runs/{epoch}/{layer}'";
}

void number_by_text(std::vector<FileContents>& files, const std::vector<std::string>& file_names) {
  std::set<std::string, text::NaturalLess> texts;
  const Found* numbered = nullptr;
  const Found* unnumbered = nullptr;
  for (const FileContents& contents : files) {
    for (const Found& found : contents.found) {
      (found.epoch ? numbered : unnumbered) = &found;
      texts.insert(found.epoch_text);
    }
  }
  if (unnumbered == nullptr) return;
  if (numbered != nullptr) {
    throw Error(text::location(file_names[unnumbered->file], unnumbered->slice.path),
                fmt::format("its epoch '{}' has no number, but '{}' has", unnumbered->epoch_text, numbered->epoch_text),
                "give its group an integer attribute 'epoch', or narrow --layout, for instance to 'epoch_{epoch}'");
  }
  for (FileContents& contents : files) {
    for (Found& found : contents.found) {
      found.epoch = std::distance(texts.begin(), texts.find(found.epoch_text));
    }
  }
}

void number_by_file(std::vector<FileContents>& files, const std::vector<std::string>& file_names) {
  const auto needs_number = [](const FileContents& contents) {
    return std::any_of(contents.found.begin(), contents.found.end(), [](const Found& found) { return !found.epoch; });
  };
  std::vector<std::size_t> numbered;
  std::vector<std::size_t> unnumbered;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (needs_number(files[i])) (files[i].epoch ? numbered : unnumbered).push_back(i);
  }
  if (!numbered.empty() && !unnumbered.empty()) {
    throw Error(
        text::location(file_names[unnumbered[0]], ""),
        fmt::format("its name has no epoch number, but that of {} has", text::location(file_names[numbered[0]], "")),
        "give it an integer attribute 'epoch', or a name like epoch_7.h5");
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (Found& found : files[i].found) {
      if (!found.epoch) found.epoch = files[i].epoch.value_or(static_cast<std::int64_t>(i));
    }
  }
}

std::vector<std::int64_t> all_epochs(const std::vector<Found>& items) {
  std::set<std::int64_t> epochs;
  for (const Found& item : items) epochs.insert(*item.epoch);
  return {epochs.begin(), epochs.end()};
}

void keep_layers(std::vector<Found>& items, const std::vector<std::string>& globs) {
  if (globs.empty()) return;
  std::set<std::string, text::NaturalLess> names;
  for (const Found& item : items) names.insert(item.layer);
  const std::vector<std::string> layers(names.begin(), names.end());
  const auto no_match = [&](const std::string& glob) {
    throw Error("--layers", fmt::format("no layer matches '{}'", glob),
                fmt::format("there are {}{}", text::listing(layers), text::did_you_mean(glob, layers)));
  };
  const std::vector<std::string> chosen = text::select_listed(globs, layers, no_match);
  const std::set<std::string> kept(chosen.begin(), chosen.end());
  std::erase_if(items, [&](const Found& item) { return kept.count(item.layer) == 0; });
}

std::map<std::string, std::size_t> forward_order(const std::vector<FileContents>& files) {
  std::map<std::string, std::size_t> ranks;
  for (const FileContents& contents : files) {
    if (contents.layer_names.empty()) continue;
    for (const std::string& name : contents.layer_names) ranks.emplace(name, ranks.size());
    break;
  }
  return ranks;
}

}  // namespace

LayoutPattern layout_of(const Options& options) {
  return LayoutPattern(options.layout.empty() ? "/epochs/{epoch}/{layer}" : options.layout);
}

void fail_no_match(const std::string& file_name, const FileContents& contents, const LayoutPattern& pattern,
                   const Options& options) {
  const std::vector<std::string>& paths = contents.dataset_paths;
  const std::string text =
      options.layout.empty()
          ? fmt::format("is not laid out as a dump of version 1 (nothing matches {})", pattern.text())
          : fmt::format("nothing matches the layout '{}'", pattern.text());
  if (paths.empty()) throw Error(text::location(file_name, ""), text, "it holds no datasets at all");
  const std::string message = fmt::format("{}; it holds {}", text, text::listing(paths));
  const std::string advice = "say where the activations are with --layout, for instance " + example_layout(paths);
  if (options.layout.empty()) throw LayoutError(text::location(file_name, ""), message, advice);
  throw Error(text::location(file_name, ""), message, advice);
}

void sort_items(std::vector<Found>& items, const std::vector<FileContents>& files) {
  const std::map<std::string, std::size_t> ranks = forward_order(files);
  const auto rank = [&](const Found& item) {
    const auto place = ranks.find(item.layer);
    return place == ranks.end() ? ranks.size() : place->second;
  };
  std::stable_sort(items.begin(), items.end(), [&](const Found& a, const Found& b) {
    const auto key_a = std::tuple(a.epoch, rank(a));
    const auto key_b = std::tuple(b.epoch, rank(b));
    return key_a != key_b ? key_a < key_b : text::natural_less(a.layer, b.layer);
  });
}

void fail_duplicate(const Found& one, const Found& other, const std::vector<std::string>& file_names) {
  throw Error(text::location(file_names[one.file], one.slice.text()),
              fmt::format("is epoch {} of layer '{}', and so is {}", *one.epoch, text::location(one.layer, ""),
                          text::location(file_names[other.file], other.slice.text())),
              "give each epoch and layer once");
}

std::optional<std::int64_t> last_integer(const std::string& text, const std::string& where) {
  constexpr const char* digits = "0123456789";
  const std::size_t last = text.find_last_of(digits);
  if (last == std::string::npos) return std::nullopt;
  const std::size_t before = text.find_last_not_of(digits, last);
  const std::size_t first = before == std::string::npos ? 0 : before + 1;
  const std::string number = text.substr(first, last - first + 1);
  try {
    return std::stoll(number);
  } catch (const std::out_of_range&) {
    throw Error(where, fmt::format("its epoch number {} is too large", number), "give an integer attribute 'epoch'");
  }
}

void number_epochs(std::vector<FileContents>& files, const std::vector<std::string>& file_names,
                   const LayoutPattern& pattern) {
  if (pattern.has_epoch()) {
    number_by_text(files, file_names);
  } else {
    number_by_file(files, file_names);
  }
}

std::vector<Found> select_items(const std::vector<FileContents>& files, const std::vector<std::string>& file_names,
                                const Options& options) {
  std::vector<Found> items;
  for (const FileContents& contents : files) items.insert(items.end(), contents.found.begin(), contents.found.end());
  const std::vector<std::int64_t> epochs = EpochSelection(options.epochs).select(all_epochs(items));
  std::erase_if(items,
                [&](const Found& item) { return !std::binary_search(epochs.begin(), epochs.end(), *item.epoch); });
  keep_layers(items, options.layers);

  sort_items(items, files);
  const auto same = std::adjacent_find(items.begin(), items.end(), [](const Found& a, const Found& b) {
    return a.epoch == b.epoch && a.layer == b.layer;
  });
  if (same != items.end()) fail_duplicate(*same, *(same + 1), file_names);
  return items;
}

}  // namespace snnl::dump
