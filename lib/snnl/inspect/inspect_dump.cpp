#include "snnl/inspect/inspect_dump.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <new>
#include <set>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/catalog.hpp"
#include "snnl/dump/label_source.hpp"
#include "snnl/dump/labels.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/describe.hpp"
#include "snnl/inspect/findings.hpp"
#include "snnl/inspect/propose_layout.hpp"
#include "snnl/inspect/shell.hpp"
#include "snnl/inspect/survey.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::inspect {
namespace {

using dump::Found;

constexpr std::size_t most_others = 1000;

class Inspector {
 public:
  Inspector(const std::vector<std::string>& files, const InspectOptions& options)
      : names_(files), options_(options), findings_(files) {
    input_.layout = options.layout;
    input_.labels = options.labels;
    input_.threads = options.threads;
    result_.data_read = options.data;
    for (const Checked& checked : options.checked) checked_.emplace(checked.where, checked.error);
  }

  Inspection run(const OnProgress& on_progress, const OnChecked& on_checked) {
    on_checked_ = on_checked;
    look_at_files();
    if (std::any_of(result_.files.begin(), result_.files.end(), [](const FileInfo& f) { return f.readable; })) {
      find_items();
      read_label_sets();
      check_classes();
      look_at_items(on_progress);
      check_layers();
      check_other_label_sets();
      list_others();
    }
    try_reader();
    result_.findings = findings_.sorted();
    return std::move(result_);
  }

 private:
  using SetKey = std::pair<std::size_t, std::string>;  // file and path

  void look_at_files();
  void find_items();
  bool scan();
  void propose(bool keep_layout);
  void number_items();
  void read_label_sets();
  void propose_labels();
  void check_classes();
  void look_at_items(const OnProgress& on_progress);
  void look_at_values(const Found& found, ItemInfo& item);
  void check_values(const dump::Activations& activations, const std::string& where) const;
  void check_layers();
  void check_other_label_sets();
  void list_others();
  void try_reader();

  const hdf5::Handle& open(std::size_t file);
  void attempt(const std::function<void()>& work, Severity severity = Severity::error, const std::string& advice = "");
  std::optional<std::size_t> describe(std::size_t file, const std::string& path);
  dump::OnError collect() {
    return [this](const Error& error) { findings_.add(error); };
  }

  std::vector<std::string> names_;
  InspectOptions options_;
  dump::Options input_;
  OnChecked on_checked_;
  std::map<std::string, std::string> checked_;  // errors, by place
  Findings findings_;
  Inspection result_;
  std::vector<dump::FileContents> contents_;  // [files]
  std::vector<Found> found_;
  std::map<SetKey, dump::LabelSet> sets_;         // those that can be used
  std::map<SetKey, std::size_t> known_datasets_;  // places in result_.datasets
  std::set<SetKey> label_paths_;                  // all that items name
  std::set<SetKey> unscored_;                     // label sets without two samples of any class
  hdf5::Handle file_;
  std::optional<std::size_t> open_index_;
};

const hdf5::Handle& Inspector::open(std::size_t file) {
  if (open_index_ != file) {
    open_index_.reset();
    file_ = hdf5::Handle();  // closed before the next is opened
    file_ = hdf5::open_file(names_[file]);
    open_index_ = file;
  }
  return file_;
}

void Inspector::attempt(const std::function<void()>& work, Severity severity, const std::string& advice) {
  try {
    work();
  } catch (const Error& error) {
    findings_.add(error, severity, advice);
  }
}

std::optional<std::size_t> Inspector::describe(std::size_t file, const std::string& path) {
  const auto known = known_datasets_.find({file, path});
  if (known != known_datasets_.end()) return known->second;
  auto info = describe_dataset(open(file), path);
  if (!info) return std::nullopt;
  info->file = file;
  result_.datasets.push_back(std::move(*info));
  return known_datasets_[{file, path}] = result_.datasets.size() - 1;
}

void Inspector::look_at_files() {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    FileInfo info;
    info.name = names_[i];
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(names_[i], failure);
    if (!failure) info.bytes = bytes;
    attempt([&] {
      const hdf5::Handle& file = open(i);
      info.readable = true;
      const auto text = [&](const char* name) {
        std::vector<std::string> values;
        attempt([&] { values = hdf5::string_attribute(file, names_[i], "/", name).value_or(values); },
                Severity::warning);
        return values;
      };
      info.model = text("model");
      info.dataset = text("dataset");
      try {
        info.version = hdf5::integer_attribute(file, names_[i], "/", "snnl_dump_version");
      } catch (const Error&) {
        // Matters for the layout of version 1 alone, whose scan tells it.
      }
    });
    result_.files.push_back(std::move(info));
  }
}

// Whether anything matches the layout.
bool Inspector::scan() {
  const dump::LayoutPattern pattern = dump::layout_of(input_);
  contents_.assign(names_.size(), {});
  bool any = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!result_.files[i].readable) continue;
    attempt(
        [&] { contents_[i] = dump::scan_file(open(i), names_[i], i, pattern, input_, names_.size() == 1, collect()); });
    any = any || !contents_[i].found.empty();
  }
  return any;
}

void Inspector::propose(bool keep_layout) {
  std::vector<std::string> readable;
  for (const FileInfo& file : result_.files) {
    if (file.readable) readable.push_back(file.name);
  }
  open_index_.reset();
  file_ = hdf5::Handle();
  const auto proposal = propose_layout(readable, input_, keep_layout);
  if (!proposal) return;
  result_.layout_proposed = proposal->layout != input_.layout;
  result_.labels_proposed = proposal->labels != input_.labels;
  input_.layout = proposal->layout;
  input_.labels = proposal->labels;
  input_.layers = proposal->layers;
}

void Inspector::find_items() {
  // What the scan by version 1 says of a file of another layout is no fault of the file.
  const Findings before = findings_;
  if (!scan() && options_.layout.empty()) {
    propose(false);
    if (result_.layout_proposed) {
      findings_ = before;
      for (const FileInfo& file : result_.files) {
        if (!file.readable) continue;
        findings_.add({Severity::warning, file.name, "", "is not laid out as a dump of version 1",
                       std::string("read it with --layout ").append(shell_quoted(input_.layout))});
      }
      scan();
    }
  }
  const dump::LayoutPattern pattern = dump::layout_of(input_);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!result_.files[i].readable || !contents_[i].found.empty()) continue;
    attempt([&] { dump::fail_no_match(names_[i], contents_[i], pattern, input_); });
  }
  number_items();
  if (!found_.empty()) result_.layout = pattern.text();
}

void Inspector::number_items() {
  attempt([&] { dump::number_epochs(contents_, names_, dump::layout_of(input_)); });
  for (dump::FileContents& contents : contents_) {
    for (Found& found : contents.found) {
      if (!found.epoch) found.epoch = contents.epoch;
      const auto wanted = [&](const std::string& layer) { return layer == found.layer; };
      if (input_.layers.empty() || std::any_of(input_.layers.begin(), input_.layers.end(), wanted)) {
        found_.push_back(found);
      }
    }
  }
  dump::sort_items(found_, contents_);
  for (std::size_t k = 1; k < found_.size(); ++k) {
    const Found& one = found_[k - 1];
    const Found& other = found_[k];
    if (!one.epoch || one.epoch != other.epoch || one.layer != other.layer) continue;
    attempt([&] { dump::fail_duplicate(one, other, names_); });
  }
}

void Inspector::read_label_sets() {
  const auto missing = [&](const Found& found) {
    return !found.label_path.empty() &&
           hdf5::object_info(open(found.file), found.label_path).kind == hdf5::ObjectKind::none;
  };
  if (options_.labels.empty() && !result_.labels_proposed && std::any_of(found_.begin(), found_.end(), missing)) {
    propose_labels();
  }
  const dump::LayoutPattern pattern = dump::layout_of(input_);
  dump::ClassTable table;
  for (const Found& found : found_) {
    if (found.label_path.empty() || !label_paths_.emplace(found.file, found.label_path).second) continue;
    attempt([&] {
      const hdf5::Handle& file = open(found.file);
      if (missing(found)) {
        dump::LabelSource(file, names_[found.file], pattern, input_.labels).fail_missing(found.label_path);
      }
      dump::LabelSet set = dump::read_labels(file, names_[found.file], found.label_path);
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
      for (const std::int32_t code : set->second.codes) ++info.classes[static_cast<std::size_t>(code)].count;
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
                   std::string("read it with --labels ").append(shell_quoted(input_.labels))});
  }
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
                       std::string("two classes are named '") + location(one.name, "") + "'",
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
                     std::to_string(single.size()) + (single.size() == 1 ? " class has" : " classes have") +
                         " one sample, which cannot be scored: " + listing(single),
                     "store more samples of it"});
    }
    if (present == 1) {
      findings_.add({Severity::warning, file, set.path, "all samples are of one class: there is nothing to tell apart",
                     "name another label set with --labels"});
    }
  }
}

void Inspector::look_at_items(const OnProgress& on_progress) {
  std::set<std::int64_t> epochs;
  std::set<std::string> layers;
  for (std::size_t k = 0; k < found_.size(); ++k) {
    const Found& found = found_[k];
    ItemInfo item;
    item.epoch = found.epoch;
    item.layer = found.layer;
    item.path = found.slice.text();
    if (on_progress) {
      on_progress(static_cast<double>(k) / static_cast<double>(found_.size()), item.layer + ", " + item.path);
    }
    attempt([&] {
      item.dataset = describe(found.file, found.slice.path);
      if (!item.dataset) return;
      const DatasetInfo& dataset = result_.datasets[*item.dataset];
      item.shape = dataset.shape;
      item.bytes = dataset.bytes;
      const std::size_t axis = found.slice.axis == dump::EpochAxis::second ? 1 : 0;
      if (found.slice.axis != dump::EpochAxis::none && item.shape.size() > axis && item.shape[axis] > 0) {
        item.bytes /= item.shape[axis];
        item.shape.erase(item.shape.begin() + static_cast<std::ptrdiff_t>(axis));
      }
    });
    look_at_values(found, item);
    if (found.epoch) epochs.insert(*found.epoch);
    if (layers.insert(found.layer).second) result_.layers.push_back(found.layer);
    result_.items.push_back(std::move(item));
  }
  result_.epochs.assign(epochs.begin(), epochs.end());
}

void Inspector::look_at_values(const Found& found, ItemInfo& item) {
  const std::string where = location(names_[found.file], found.slice.text());
  const auto note = [&](const std::function<void()>& work) {
    try {
      work();
      return true;
    } catch (const Error& error) {
      const Error placed = error.where().empty() ? Error(where, error.what()) : error;
      findings_.add(placed, Severity::error, "write it again, or leave it out with --layers or --epochs");
    } catch (const std::bad_alloc&) {
      findings_.add(Error(where, "there is not enough memory for this item; store fewer samples or features"));
    }
    item.sound = false;
    return false;
  };

  const auto set = sets_.find({found.file, found.label_path});
  std::vector<std::int32_t> labels;
  std::string label_path = found.label_path;
  if (set != sets_.end()) {
    labels = set->second.codes;
    if (unscored_.contains(set->first)) item.sound = false;
  } else {
    item.sound = false;  // the labels' own finding says why
  }
  // With labels of its own making up the number, an item's other faults show where the labels do not fit.
  const auto stand_in = [&] {
    const std::size_t samples =
        dump::activations_size(open(found.file), names_[found.file], found.slice, options_.threads).samples;
    hdf5::checked_bytes({samples}, sizeof(std::int32_t), where);
    labels.assign(samples, 0);
  };
  if (set == sets_.end() && !note(stand_in)) return;
  const auto structure = [&] {
    dump::check_activations(open(found.file), names_[found.file], found.slice, labels.size(), label_path);
  };
  if (!note(structure) && (!note(stand_in) || !note(structure))) return;
  if (!options_.data) return;

  const auto before = checked_.find(where);
  const auto values = [&] {
    if (before != checked_.end()) {
      if (!before->second.empty()) throw Error(where, before->second);
      return;
    }
    const dump::Activations activations =
        dump::read_activations(open(found.file), names_[found.file], found.slice, labels, label_path,
                               dump::Nonfinite::error, thread_count(options_.threads));
    check_values(activations, where);
  };
  note([&] {
    Checked checked{where, ""};
    try {
      values();
    } catch (const Error& error) {
      const std::string what = error.what();
      checked.error = what.starts_with(where + ": ") ? what.substr(where.size() + 2) : what;
      if (on_checked_) on_checked_(checked);
      throw;
    }
    if (on_checked_) on_checked_(checked);
  });
}

// As the analysis will see it.
void Inspector::check_values(const dump::Activations& activations, const std::string& where) const {
  const hdf5::OwnWork own_work;
  std::visit(
      [&](const auto& values) {
        using Real = typename std::decay_t<decltype(values)>::value_type;
        const auto zero = [](Real x) { return x == 0; };
        if (activations.labels.size() > 1 && std::all_of(values.begin(), values.end(), zero)) {
          throw Error(where,
                      "every value is zero: it was never written, or the layer is dead; write it again, or leave it "
                      "out with --layers or --epochs");
        }
        std::int32_t classes = 0;
        for (const std::int32_t label : activations.labels) classes = std::max(classes, label + 1);
        try {
          const Points points(values.view(), activations.labels, static_cast<std::size_t>(classes),
                              Distance::sqeuclidean, thread_count(options_.threads));
        } catch (const Error& error) {
          throw Error(where, error.what());
        }
      },
      activations.values);
}

void Inspector::check_layers() {
  std::map<std::string, std::set<std::int64_t>> has;
  for (const Found& found : found_) {
    if (found.epoch) has[found.layer].insert(*found.epoch);
  }
  const std::string file = names_.size() == 1 ? names_[0] : "";
  for (const std::string& layer : result_.layers) {
    std::vector<std::int64_t> missing;
    for (const std::int64_t epoch : result_.epochs) {
      if (!has[layer].contains(epoch)) missing.push_back(epoch);
    }
    if (missing.empty() || has[layer].empty()) continue;
    findings_.add({Severity::warning, file, "",
                   std::string("layer '") + location(layer, "") + "' is missing in " +
                       (missing.size() == 1 ? "epoch " : "epochs ") + listing(missing),
                   "write it there, or leave these out with --epochs"});
  }
  for (std::size_t i = 0; i < contents_.size(); ++i) {
    std::vector<std::string> absent;
    for (const std::string& name : contents_[i].layer_names) {
      if (!has.contains(name)) absent.push_back(name);
    }
    if (absent.empty() || found_.empty() || !input_.layers.empty()) continue;
    findings_.add({Severity::warning, names_[i], "",
                   std::string("the attribute layer_names names what no epoch has: ") + listing(absent),
                   "write these layers, or take the names out"});
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
              dump::LabelSet set = dump::read_labels(open(i), names_[i], path);
              dump::ClassTable table;
              table.add(set);
              table.encode(set);
              info.samples = set.codes.size();
              info.classes = table.classes();
              for (const std::int32_t code : set.codes) ++info.classes[static_cast<std::size_t>(code)].count;
              if (samples > 0 && names_.size() == 1 && info.samples != samples) {
                throw Error(set.where, std::string("holds ") + std::to_string(info.samples) + " labels, but " +
                                           std::to_string(samples) +
                                           " samples are labelled; write one label per sample");
              }
            },
            Severity::warning, "this label set is not used; write it again or remove it");
        result_.label_sets.push_back(std::move(info));
      }
    });
  }
}

void Inspector::list_others() {
  std::set<SetKey> taken = label_paths_;
  for (const Found& found : found_) taken.emplace(found.file, found.slice.path);
  for (const LabelSetInfo& set : result_.label_sets) taken.emplace(set.file, set.path);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!result_.files[i].readable) continue;
    attempt(
        [&] {
          for (const std::string& path : dataset_paths(open(i), names_[i], [](const Error&) {})) {
            if (taken.contains({i, path}) || path.ends_with("/sample_ids")) continue;
            if (++result_.other_count <= most_others) result_.others.push_back(names_[i] + ":" + path);
          }
        },
        Severity::warning);
  }
}

// The command is told only where it has been tried, and no refusal may go unseen.
void Inspector::try_reader() {
  result_.labels = input_.labels;
  open_index_.reset();
  file_ = hdf5::Handle();
  if (result_.files.size() != names_.size()) return;
  attempt([&] {
    const dump::Reader reader(names_, input_);
    result_.command = {"snnl-analyze"};
    for (const std::string& name : names_)
      result_.command.push_back(name.starts_with('-') ? std::string("./").append(name) : name);
    const auto option = [&](const char* name, const std::string& value) {
      if (value.empty()) return;
      result_.command.emplace_back(name);
      result_.command.push_back(value);
    };
    option("--layout", input_.layout);
    option("--labels", input_.labels);
    for (const std::string& layer : input_.layers) option("--layers", layer);
  });
}

}  // namespace

bool Inspection::readable() const {
  return std::all_of(files.begin(), files.end(), [](const FileInfo& file) { return file.readable; });
}

std::size_t Inspection::count(Severity severity) const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string command_line(const Inspection& inspection) {
  std::string line;
  for (const std::string& word : inspection.command) line.append(line.empty() ? "" : " ").append(shell_quoted(word));
  return line;
}

Inspection inspect_dump(const std::vector<std::string>& files, const InspectOptions& options,
                        const OnProgress& on_progress, const OnChecked& on_checked) {
  if (files.empty()) throw Error("no dump was given; give at least one HDF5 file");
  if (!options.layout.empty()) dump::LayoutPattern pattern(options.layout);  // malformed: thrown
  const hdf5::QuietErrors quiet;
  return Inspector(files, options).run(on_progress, on_checked);
}

}  // namespace snnl::inspect
