#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <utility>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/catalog.hpp"
#include "snnl/dump/ignored_labels.hpp"
#include "snnl/dump/integer_bits.hpp"
#include "snnl/dump/label_source.hpp"
#include "snnl/dump/labels.hpp"
#include "snnl/dump/open_files.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

// One file at a time stays open: there may be more files than a process may have open.
class OpenFile {
 public:
  bool lock = true;

  const hdf5::Handle& get(const std::vector<std::string>& names, std::size_t index) {
    if (!file_ || index_ != index) {
      file_ = hdf5::Handle();
      file_ = hdf5::open_file(names[index], lock);
      index_ = index;
    }
    return file_;
  }

 private:
  hdf5::Handle file_;
  std::size_t index_ = 0;
};

struct Files {
  std::vector<std::string> files;
  Options options;
  std::vector<Item> items;
  std::vector<Found> found;             // [items]
  std::vector<std::size_t> label_sets;  // [items] index into `sets`
  std::vector<LabelSet> sets;
  std::vector<Class> classes;
  std::string label_path;
  std::vector<Error> remarks;
  OpenFile open;

  void find_items();
  void read_label_sets();
  void read_ids(const hdf5::Handle& file, const Found& item, LabelSet& set);
  void check_integer_bits();
  ItemSize size(std::size_t index);
  Activations read(std::size_t index, const Memory& memory);
};

Error is_no_layer(const std::string& file, const std::string& path) {
  return Error(text::location(file, path), "is one-hot labels, and so no layer",
               "read it as labels with --labels, or as a layer by its name with --layers");
}

void Files::find_items() {
  const LayoutPattern pattern = layout_of(options);
  std::vector<FileContents> contents;
  for (std::size_t i = 0; i < files.size(); ++i) {
    contents.push_back(scan_file(open.get(files, i), files[i], i, pattern, options, files.size() == 1));
    if (contents[i].found.empty()) fail_no_match(files[i], contents[i], pattern, options);
  }
  const hdf5::OwnWork own_work;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const std::string& path : contents[i].one_hot) remarks.push_back(is_no_layer(files[i], path));
  }
  number_epochs(contents, files, pattern);
  found = select_items(contents, files, options);
  for (const Found& item : found) {
    items.push_back(
        {*item.epoch, item.layer, text::location(files[item.file], item.slice.text()), files[item.file], items.size()});
  }
}

void Files::read_label_sets() {
  std::map<std::pair<std::size_t, std::string>, std::size_t> known;
  ClassTable table;
  std::set<std::string> met;
  const LayoutPattern pattern = layout_of(options);
  for (const Found& item : found) {
    const auto [place, is_new] = known.try_emplace({item.file, item.label_path}, sets.size());
    label_sets.push_back(place->second);
    if (!is_new) continue;
    const hdf5::Handle& file = open.get(files, item.file);
    if (hdf5::object_info(file, item.label_path).kind == hdf5::ObjectKind::none) {
      if (!options.labels_required && options.labels.empty()) {
        const std::size_t samples = activations_size(file, files[item.file], item.slice, {}, options.threads).samples;
        sets.push_back(unlabelled(samples, text::location(files[item.file], "")));
        table.add(sets.back());
        continue;
      }
      LabelSource(file, files[item.file], pattern, options.labels).fail_missing(item.label_path);
    }
    sets.push_back(read_labels(file, files[item.file], item.label_path, options.ignored_labels, &met));
    if (auto suspicious = suspicious_label(sets.back())) remarks.push_back(std::move(*suspicious));
    table.add(sets.back());
    read_ids(file, item, sets.back());
  }
  for (LabelSet& set : sets) table.encode(set);
  classes = table.classes();
  const LabelSet& first = sets[label_sets[0]];
  if (classes.empty()) throw Error(first.where, "no label is left", "take one out of --ignore-label");
  for (const std::int32_t label : first.codes) {
    if (label >= 0) ++classes[static_cast<std::size_t>(label)].count;
  }
  for (Error& unmet : tell_unmet(sets.size() == 1 ? first.where : "", options.ignored_labels, met)) {
    remarks.push_back(std::move(unmet));
  }
  label_path = found[0].label_path;
}

// Numbers can be told without them.
void Files::read_ids(const hdf5::Handle& file, const Found& item, LabelSet& set) {
  const std::string path = sample_ids_path(item.label_path);
  const auto tell = [&](const std::string& where, const std::string& what, const std::string& advice) {
    remarks.emplace_back(where, what + "; the ids of the samples are not used", advice);
  };
  try {
    if (hdf5::object_info(file, path).kind == hdf5::ObjectKind::none) return;
    set.ids = read_sample_ids(file, files[item.file], path, set.codes.size());
  } catch (const Error& e) {
    tell(e.where(), e.message(), e.advice());
  } catch (const std::bad_alloc&) {
    tell(text::location(files[item.file], path), "needs more memory than there is", "");
  }
}

void Files::check_integer_bits() {
  if (options.integer_bits == IntegerBits::numbers) return;
  const auto apply = [&](const Found& item) {
    return integer_bits_apply(open.get(files, item.file), files[item.file], item.slice);
  };
  if (std::any_of(found.begin(), found.end(), apply)) return;
  const std::string where = files.size() == 1 ? text::location(files[0], "") : "";
  remarks.push_back(bits_apply_to_nothing(where, options.integer_bits));
}

ItemSize Files::size(std::size_t index) {
  const hdf5::QuietErrors quiet;
  const Found& item = found[index];
  return activations_size(open.get(files, item.file), files[item.file], item.slice, options.pooling, options.threads);
}

Activations Files::read(std::size_t index, const Memory& memory) {
  const hdf5::QuietErrors quiet;
  const Found& item = found[index];
  const LabelSet& set = sets[label_sets[index]];
  Activations out = read_activations(open.get(files, item.file), files[item.file], item.slice, set.codes,
                                     item.label_path, options, memory);
  if (!set.ids.empty()) {
    out.ids.reserve(out.rows.size());
    for (const std::size_t row : out.rows) out.ids.push_back(set.ids[row]);
  }
  return out;
}

}  // namespace

ReaderSource open_files(const std::vector<std::string>& names, const Options& options, const Memory& memory) {
  if (names.empty()) throw Error("", "no dump was given", "give at least one HDF5 file");
  const hdf5::QuietErrors quiet;
  const auto files = std::make_shared<Files>();
  files->files = names;
  files->options = options;
  files->open.lock = options.lock;
  files->find_items();
  files->read_label_sets();
  files->check_integer_bits();
  return {std::move(files->items),
          std::move(files->classes),
          files->label_path,
          [files](std::size_t index) { return files->size(index); },
          [files, memory](std::size_t index) { return files->read(index, memory); },
          std::move(files->remarks),
          std::any_of(files->sets.begin(), files->sets.end(), [](const LabelSet& set) { return set.one_hot; })};
}

Reader::Reader(const std::vector<std::string>& files, const Options& options)
    : Reader(open_files(files, options, own_memory)) {}
Reader::Reader(ReaderSource source) : source_(std::make_unique<ReaderSource>(std::move(source))) {}

Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const std::vector<Item>& Reader::items() const { return source_->items; }
const std::vector<Class>& Reader::classes() const { return source_->classes; }
const std::vector<Error>& Reader::remarks() const { return source_->remarks; }
const std::string& Reader::label_path() const { return source_->label_path; }
bool Reader::one_hot_labels() const { return source_->one_hot_labels; }

ItemSize Reader::size(const Item& item) const {
  if (item.index >= source_->items.size()) throw Error(item.location, "is not an item of this reader");
  return source_->size(item.index);
}

Activations Reader::read(const Item& item) const {
  if (item.index >= source_->items.size()) throw Error(item.location, "is not an item of this reader");
  return source_->read(item.index);
}

}  // namespace snnl::dump
