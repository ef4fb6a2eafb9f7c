#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include "snnl/dump/catalog.hpp"
#include "snnl/dump/label_source.hpp"
#include "snnl/dump/one_hot.hpp"
#include "snnl/dump/tree.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

using Identity = std::array<std::uint8_t, 16>;

constexpr std::int64_t known_version = 1;
constexpr std::size_t most_epochs = 1'000'000;

void check_version(const hdf5::Handle& file, const std::string& file_name) {
  const auto version = hdf5::integer_attribute(file, file_name, "/", "snnl_dump_version");
  if (version.value_or(known_version) == known_version) return;
  throw Error(
      file_name,
      fmt::format("is an activation dump of version {}, but this program reads version {}", *version, known_version),
      "use a newer snnl, or describe the file with --layout");
}

// ".h5" is not a number of the name, ".0007" is.
std::string name_without_extension(const std::string& file_name) {
  const std::filesystem::path path(file_name);
  const std::string extension = path.extension().string();
  const bool letters = extension.size() > 1 && std::isalpha(static_cast<unsigned char>(extension[1])) != 0;
  return (letters ? path.stem() : path.filename()).string();
}

// The datasets and the unreachable names that match. What might lead to matches but cannot be entered is an error: a
// missing epoch must not go unseen.
std::vector<TreeEntry> matching_entries(const hdf5::Handle& file, const std::string& file_name,
                                        const LayoutPattern& pattern, const OnError& on_error) {
  const hdf5::ObjectInfo root = hdf5::object_info(file, pattern.root());
  if (root.kind == hdf5::ObjectKind::none) {
    const Error why = hdf5::why_unreachable(file, pattern.root());
    or_report(on_error, [&] {
      if (!why.message().starts_with("there is no")) throw why.at(text::location(file_name, pattern.root()));
    });
  }
  const auto enter = [&](const std::string& path) { return pattern.may_lead_to_match(path); };
  std::vector<TreeEntry> entries = list_tree(file, file_name, pattern.root(), enter, on_error);
  std::erase_if(entries, [&](const TreeEntry& entry) {
    if (entry.object.kind == hdf5::ObjectKind::group || entry.object.kind == hdf5::ObjectKind::other) return true;
    if (pattern.match(entry.path)) return false;
    if (entry.object.kind == hdf5::ObjectKind::none && pattern.may_lead_to_match(entry.path)) {
      or_report(on_error,
                [&] { throw hdf5::why_unreachable(file, entry.path).at(text::location(file_name, entry.path)); });
    }
    return true;
  });
  return entries;
}

// A second name of the same epoch ("latest", a link to "0009") is not a second epoch.
class Aliases {
 public:
  // Whether `found` repeats what is in `all`; puts it in the place of one that had no number.
  bool absorb(std::vector<Found>& all, const Found& found, const Identity& epoch_object) {
    auto& places = seen_[{found.layer, epoch_object}];
    for (const std::size_t place : places) {
      if (all[place].epoch && found.epoch && all[place].epoch != found.epoch) continue;
      if (!all[place].epoch && found.epoch) all[place] = found;
      return true;
    }
    places.push_back(all.size());
    return false;
  }

 private:
  std::map<std::pair<std::string, Identity>, std::vector<std::size_t>> seen_;
};

// Epochs along an axis of the dataset, or one item.
std::vector<Slice> slices(const hdf5::Handle& file, const std::string& file_name, const Found& found,
                          const LayoutPattern& pattern, bool only_file) {
  Slice whole = found.slice;
  whole.axis = pattern.epoch_axis();
  const bool may_be_implied = only_file && !pattern.has_epoch() && whole.axis == EpochAxis::none;
  if (whole.axis == EpochAxis::none && !may_be_implied) return {whole};
  std::vector<std::size_t> shape;
  std::vector<std::size_t> labels;
  try {
    shape = hdf5::open_dataset(file, file_name, whole.path).shape;
    if (may_be_implied && shape.size() >= 3) labels = hdf5::open_dataset(file, file_name, found.label_path).shape;
  } catch (const Error&) {
    return {whole};  // reading it, or its labels, will say what is wrong
  }
  if (may_be_implied) {
    const bool implied = shape.size() >= 3 && !labels.empty() && shape[0] != labels[0] && shape[1] == labels[0];
    if (!implied) return {whole};
    whole.axis = EpochAxis::first;
  }
  const std::size_t axis = whole.axis == EpochAxis::first ? 0 : 1;
  // Too few axes: one item, which says so when it is read.
  if (shape.size() < 3 || shape[axis] == 0) return {whole};
  if (shape[axis] > most_epochs) {
    throw Error(text::location(file_name, whole.path),
                fmt::format("has shape {}, more than a million epochs", text::shape_text(shape)), "check --layout");
  }
  std::vector<Slice> all(shape[axis], whole);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].epoch_index = i;
  return all;
}

// For a file in which nothing matches.
std::vector<std::string> some_datasets(const hdf5::Handle& file, const std::string& file_name,
                                       const OnError& on_error) {
  std::vector<std::string> paths;
  for (const TreeEntry& entry : list_tree(
           file, file_name, "/", [](const std::string&) { return true; }, on_error)) {
    if (entry.object.kind == hdf5::ObjectKind::dataset) paths.push_back(entry.path);
  }
  return paths;
}

// One-hot labels, but for what is named as a layer.
bool is_taken_for_labels(const hdf5::Handle& file, const std::string& file_name, const std::string& path,
                         const LayoutPattern& pattern, const LayoutPattern::Match& match, const Options& options) {
  const auto& named = options.layers;
  if (!pattern.has_layer() || std::find(named.begin(), named.end(), match.layer) != named.end()) return false;
  return is_one_hot_labels(file, file_name, path);
}

}  // namespace

FileContents scan_file(const hdf5::Handle& file, const std::string& file_name, std::size_t file_index,
                       const LayoutPattern& pattern, const Options& options, bool only_file, const OnError& on_error) {
  // A layout given by the user describes the file, whatever version it claims.
  if (options.layout.empty()) or_report(on_error, [&] { check_version(file, file_name); });
  FileContents contents;
  or_report(on_error, [&] {
    contents.layer_names = hdf5::string_attribute(file, file_name, "/", "layer_names").value_or(contents.layer_names);
  });
  if (!pattern.has_epoch()) {
    or_report(on_error, [&] {
      contents.epoch = hdf5::integer_attribute(file, file_name, "/", "epoch");
      if (!contents.epoch)
        contents.epoch = last_integer(name_without_extension(file_name), text::location(file_name, ""));
    });
  }

  LabelSource labels(file, file_name, pattern, options.labels);
  std::map<std::string, std::optional<std::int64_t>> epoch_attributes;
  std::vector<Found> matches;
  std::set<std::string> label_paths;
  Aliases aliases;
  for (const TreeEntry& entry : matching_entries(file, file_name, pattern, on_error)) {
    const LayoutPattern::Match match = *pattern.match(entry.path);
    bool auxiliary = true;  // where that cannot be told it is by its name
    or_report(on_error, [&] { auxiliary = labels.is_auxiliary(entry.path, match); });
    if (auxiliary) continue;
    if (entry.object.kind == hdf5::ObjectKind::dataset &&
        is_taken_for_labels(file, file_name, entry.path, pattern, match, options)) {
      contents.one_hot.push_back(entry.path);
      continue;
    }
    Found found;
    found.file = file_index;
    found.slice.path = entry.path;
    found.layer = match.layer;
    found.epoch_text = match.epoch;
    or_report(on_error, [&] { found.label_path = labels.path_for(match); });
    label_paths.insert(found.label_path);
    Identity epoch_object = entry.object.identity;
    if (pattern.has_epoch()) {
      const auto place = epoch_attributes.try_emplace(match.epoch_object);
      std::optional<std::int64_t>& number = place.first->second;
      const bool is_new = place.second;
      or_report(on_error, [&] {
        if (is_new) number = hdf5::integer_attribute(file, file_name, match.epoch_object, "epoch");
      });
      or_report(on_error, [&] {
        if (!number) number = last_integer(match.epoch, text::location(file_name, match.epoch_object));
      });
      found.epoch = number;
      epoch_object = hdf5::object_info(file, match.epoch_object).identity;
    }
    const bool reachable = entry.object.kind == hdf5::ObjectKind::dataset;
    if (reachable && pattern.has_epoch() && aliases.absorb(matches, found, epoch_object)) continue;
    matches.push_back(found);
  }
  std::erase_if(matches, [&](const Found& found) { return label_paths.contains(found.slice.path); });
  std::erase_if(contents.one_hot, [&](const std::string& path) { return label_paths.contains(path); });

  for (const Found& match : matches) {
    std::vector<Slice> parts;
    or_report(on_error, [&] { parts = slices(file, file_name, match, pattern, only_file); });
    for (const Slice& slice : parts) {
      Found item = match;
      item.slice = slice;
      if (slice.axis != EpochAxis::none) item.epoch = static_cast<std::int64_t>(slice.epoch_index);
      contents.found.push_back(std::move(item));
    }
  }
  if (contents.found.empty()) contents.dataset_paths = some_datasets(file, file_name, on_error);
  return contents;
}

}  // namespace snnl::dump
