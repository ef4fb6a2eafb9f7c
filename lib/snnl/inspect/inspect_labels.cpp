#include <fmt/format.h>

#include <algorithm>

#include "snnl/dump/label_source.hpp"
#include "snnl/dump/tree.hpp"
#include "snnl/inspect/inspector.hpp"
#include "snnl/text/shell.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::inspect {
namespace {

/// The samples of each class.
void count(const dump::LabelSet& set, LabelSetInfo& info) {
  for (const std::int32_t code : set.codes) {
    if (code >= 0) ++info.classes[static_cast<std::size_t>(code)].count;
  }
}

}  // namespace

void Inspector::read_label_sets() {
  const auto missing = [&](const dump::Found& found) {
    return !found.label_path.empty() &&
           hdf5::object_info(open(found.file), found.label_path).kind == hdf5::ObjectKind::none;
  };
  if (options_.labels.empty() && !result_.labels_proposed && std::any_of(found_.begin(), found_.end(), missing)) {
    propose_labels();
  }
  const dump::LayoutPattern pattern = dump::layout_of(input_);
  dump::ClassTable table;
  for (const dump::Found& found : found_) {
    if (found.label_path.empty() || !label_paths_.emplace(found.file, found.label_path).second) continue;
    attempt([&] {
      const hdf5::Handle& file = open(found.file);
      if (missing(found)) {
        dump::LabelSource(file, names_[found.file], pattern, input_.labels).fail_missing(found.label_path);
      }
      dump::LabelSet set = dump::read_labels(file, names_[found.file], found.label_path, input_.ignored_labels);
      table.add(set);
      sets_.emplace(SetKey(found.file, found.label_path), std::move(set));
    });
  }
  for (auto& [key, set] : sets_) table.encode(set);
  const std::vector<dump::Class> classes = table.classes();
  for (const SetKey& key : label_paths_) {
    LabelSetInfo info;
    info.file = key.first;
    info.path = key.second;
    info.used = true;
    if (const auto place = describe(key.first, key.second)) info.type = result_.datasets[*place].type;
    if (const auto set = sets_.find(key); set != sets_.end()) {
      info.samples = set->second.codes.size();
      info.classes = classes;
      info.ignored = dump::count_ignored(set->second);
      if (set->second.one_hot) info.type += ", one-hot";
      count(set->second, info);
    }
    result_.label_sets.push_back(std::move(info));
  }
}

void Inspector::propose_labels() {
  propose(true);
  if (!result_.labels_proposed) return;
  for (const FileInfo& file : result_.files) {
    if (!file.readable) continue;
    findings_.add({Severity::warning, file.name, "/labels", "there are no labels here",
                   std::string("read it with --labels ").append(text::shell_quoted(input_.labels))});
  }
  tell_other_readings();
  contents_.clear();
  found_.clear();
  scan();
  number_items();
}

void Inspector::check_classes() {
  for (const LabelSetInfo& set : result_.label_sets) {
    if (set.classes.empty()) continue;
    std::vector<std::string> single;
    std::set<std::string> names;
    std::size_t present = 0;
    std::size_t scored = 0;
    const std::string& file = names_[set.file];
    for (const dump::Class& one : set.classes) {
      if (!names.insert(one.name).second) {
        findings_.add({Severity::warning, file, set.path,
                       fmt::format("two classes are named '{}'", text::location(one.name, "")),
                       "give each class a name of its own"});
      }
      present += one.count > 0 ? 1 : 0;
      scored += one.count > 1 ? one.count : 0;
      if (one.count == 1) single.push_back(one.name);
    }
    if (scored == 0) {
      unscored_.emplace(set.file, set.path);
      findings_.add({Severity::error, file, set.path, "no class has two members: no sample can be scored",
                     "store more samples of each class, or name another label set with --labels"});
      continue;
    }
    if (!single.empty()) {
      findings_.add({Severity::warning, file, set.path,
                     fmt::format("{}{} one sample, which cannot be scored: {}", single.size(),
                                 single.size() == 1 ? " class has" : " classes have", text::listing(single)),
                     "store more samples of it"});
    }
    if (present == 1) {
      findings_.add({Severity::warning, file, set.path, "all samples are of one class: there is nothing to tell apart",
                     "name another label set with --labels"});
    }
  }
}

void Inspector::check_other_label_sets() {
  std::size_t samples = 0;
  for (const LabelSetInfo& set : result_.label_sets) samples = std::max(samples, set.samples);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!result_.files[i].readable) continue;
    attempt([&] {
      std::vector<std::string> paths;
      if (hdf5::object_info(open(i), "/labels").kind == hdf5::ObjectKind::dataset) paths.push_back("/labels");
      const auto enter = [](const std::string&) { return false; };
      for (const auto& entry : dump::list_tree(open(i), names_[i], "/label_sets", enter, collect())) {
        paths.push_back(entry.path);
      }
      for (const std::string& path : paths) {
        if (label_paths_.contains({i, path})) continue;
        LabelSetInfo info;
        info.file = i;
        info.path = path;
        if (const auto place = describe(i, path)) info.type = result_.datasets[*place].type;
        attempt(
            [&] {
              dump::LabelSet set = dump::read_labels(open(i), names_[i], path, input_.ignored_labels);
              dump::ClassTable table;
              table.add(set);
              table.encode(set);
              info.samples = set.codes.size();
              info.ignored = dump::count_ignored(set);
              if (set.one_hot) info.type += ", one-hot";
              info.classes = table.classes();
              count(set, info);
              if (samples > 0 && names_.size() == 1 && info.samples != samples) {
                throw Error(set.where,
                            fmt::format("holds {} labels, but {} samples are labelled", info.samples, samples),
                            "write one label per sample");
              }
            },
            Severity::warning, "this label set is not used; write it again or remove it");
        result_.label_sets.push_back(std::move(info));
      }
    });
  }
}

}  // namespace snnl::inspect
