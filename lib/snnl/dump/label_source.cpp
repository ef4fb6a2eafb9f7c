#include "snnl/dump/label_source.hpp"

#include <fmt/format.h>

#include <vector>

#include "snnl/dump/labels.hpp"
#include "snnl/dump/one_hot.hpp"
#include "snnl/dump/tree.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

constexpr const char* default_path = "/labels";
constexpr const char* sets_group = "/label_sets";
constexpr const char* ids_path = "/sample_ids";

std::vector<std::string> names_in(const hdf5::Handle& file, const std::string& file_name, const std::string& group) {
  std::vector<std::string> names;
  for (const TreeEntry& entry : list_tree(file, file_name, group, [](const std::string&) { return false; })) {
    names.push_back(entry.path.substr(group.size() + 1));
  }
  return names;
}

std::vector<std::string> candidates(const hdf5::Handle& file, const std::string& file_name) {
  std::vector<std::string> paths;
  for (const TreeEntry& entry : list_tree(file, file_name, "/", [](const std::string&) { return true; })) {
    if (entry.object.kind != hdf5::ObjectKind::dataset) continue;
    try {
      if (may_be_labels(hdf5::open_dataset(file, file_name, entry.path)) ||
          is_one_hot_labels(file, file_name, entry.path)) {
        paths.push_back(entry.path);
      }
    } catch (const Error&) {
      // What cannot be opened is no suggestion; the error in hand is the one to report.
    }
  }
  return paths;
}

// What is called labels, but is no label for each sample; empty where there is none.
std::string about_refused(const hdf5::Handle& file, const std::string& file_name) {
  for (const TreeEntry& entry : list_tree(file, file_name, "/", [](const std::string&) { return true; })) {
    if (entry.object.kind != hdf5::ObjectKind::dataset || !is_called_labels(entry.path)) continue;
    try {
      const hdf5::Dataset dataset = hdf5::open_dataset(file, file_name, entry.path);
      if (!has_one_hot_shape(dataset)) continue;
      return fmt::format(" (row {} of {} is not one-hot)", read_one_hot(dataset).columns.size(),
                         text::location(entry.path, ""));
    } catch (const Error&) {
      // As above.
    }
  }
  return "";
}

}  // namespace

LabelSource::LabelSource(const hdf5::Handle& file, const std::string& file_name, const LayoutPattern& pattern,
                         const std::string& option)
    : file_(file), file_name_(file_name), option_(option) {
  const auto holds = [&](const char* mark) { return option.find(mark) != std::string::npos; };
  if (holds("{epoch}") && !pattern.has_epoch()) {
    throw Error(
        "--labels",
        fmt::format("'{}' holds {{epoch}}, but the layout '{}' has none among its groups", option, pattern.text()),
        "name the label set without it");
  }
  if (holds("{layer}") && !pattern.has_layer()) {
    throw Error("--labels", fmt::format("'{}' holds {{layer}}, but the layout '{}' has none", option, pattern.text()),
                "name the label set without it");
  }
}

bool LabelSource::is_label_shaped(const std::string& path) const {
  if (hdf5::object_info(file_, path).kind != hdf5::ObjectKind::dataset) return false;
  return has_label_shape(hdf5::open_dataset(file_, file_name_, path));
}

bool LabelSource::has_own_labels(const LayoutPattern::Match& match) {
  if (!match.epoch_is_group) return false;
  const auto known = own_labels_.find(match.epoch_object);
  if (known != own_labels_.end()) return known->second;
  const std::string path = match.epoch_object + default_path;
  return own_labels_[match.epoch_object] = is_label_shaped(path) || is_one_hot_labels(file_, file_name_, path);
}

std::string LabelSource::path_for(const LayoutPattern::Match& match) {
  if (option_.starts_with('/')) return fill_placeholders(option_, match.epoch, match.layer);
  const bool own = has_own_labels(match);
  if (option_.empty()) return own ? match.epoch_object + default_path : default_path;
  const std::string set = fmt::format("{}/{}", sets_group, option_);
  if (!own) return set;
  // The epoch's samples were shuffled: a set in the order of /labels would be silently wrong.
  const std::string own_set = match.epoch_object + set;
  if (hdf5::object_info(file_, own_set).kind != hdf5::ObjectKind::none) return own_set;
  throw Error(text::location(file_name_, match.epoch_object + default_path),
              fmt::format("gives this epoch its own order of samples, which {} does not have", set),
              std::string("store the set as ") + own_set);
}

bool LabelSource::is_auxiliary(const std::string& path, const LayoutPattern::Match& match) {
  const auto is_set = [&](const std::string& group) {
    return path.starts_with(fmt::format("{}{}/", group, sets_group));
  };
  if (path == default_path || path == ids_path || is_set("")) return true;
  if (!match.epoch_is_group) return false;
  if (path == match.epoch_object + default_path) return has_own_labels(match);
  if (path == match.epoch_object + ids_path) return is_label_shaped(path);
  return is_set(match.epoch_object);
}

void LabelSource::fail_missing(const std::string& path) const {
  const std::string where = text::location(file_name_, path);
  if (!option_.empty() && !option_.starts_with('/')) {
    const std::vector<std::string> names = names_in(file_, file_name_, sets_group);
    if (names.empty())
      throw Error(where, "there is no such label set, as the file has no group " + std::string(sets_group),
                  "give the path of a dataset to --labels");
    throw Error(where, "there is no such label set",
                fmt::format("there are {}{}", text::listing(names), text::did_you_mean(option_, names)));
  }
  const Error why = hdf5::why_unreachable(file_, path);
  if (hdf5::object_info(file_, path).kind == hdf5::ObjectKind::none && !why.message().starts_with("there is no")) {
    throw why.at(where);
  }
  const std::vector<std::string> paths = candidates(file_, file_name_);
  const std::string message = "there are no labels here";
  const std::string advice = paths.empty()
                                 ? fmt::format("the file has no dataset of one label per sample{}, store one as {}",
                                               about_refused(file_, file_name_), default_path)
                                 : fmt::format("name one of these with --labels: {}{}", text::listing(paths),
                                               text::did_you_mean(option_, paths));
  if (option_.empty()) throw LayoutError(where, message, advice);
  throw Error(where, message, advice);
}

}  // namespace snnl::dump
