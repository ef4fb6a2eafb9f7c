#include <algorithm>
#include <map>
#include <utility>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/catalog.hpp"
#include "snnl/dump/dump.hpp"
#include "snnl/dump/hdf5_file.hpp"
#include "snnl/dump/label_source.hpp"
#include "snnl/dump/labels.hpp"
#include "snnl/dump/wording.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"

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

}  // namespace

struct Reader::Impl {
  std::vector<std::string> files;
  Options options;
  std::vector<Item> items;
  std::vector<Found> found;             // [items]
  std::vector<std::size_t> label_sets;  // [items] index into `sets`
  std::vector<LabelSet> sets;
  std::vector<Class> classes;
  std::string label_path;
  OpenFile open;

  void find_items();
  void read_label_sets();
};

void Reader::Impl::find_items() {
  const LayoutPattern pattern = layout_of(options);
  std::vector<FileContents> contents;
  for (std::size_t i = 0; i < files.size(); ++i) {
    contents.push_back(scan_file(open.get(files, i), files[i], i, pattern, options, files.size() == 1));
    if (contents[i].found.empty()) fail_no_match(files[i], contents[i], pattern, options);
  }
  number_epochs(contents, files, pattern);
  found = select_items(contents, files, options);
  for (const Found& item : found) {
    items.push_back(
        {*item.epoch, item.layer, location(files[item.file], item.slice.text()), files[item.file], items.size()});
  }
}

void Reader::Impl::read_label_sets() {
  std::map<std::pair<std::size_t, std::string>, std::size_t> known;
  ClassTable table;
  const LayoutPattern pattern = layout_of(options);
  for (const Found& item : found) {
    const auto [place, is_new] = known.try_emplace({item.file, item.label_path}, sets.size());
    label_sets.push_back(place->second);
    if (!is_new) continue;
    const hdf5::Handle& file = open.get(files, item.file);
    if (hdf5::object_info(file, item.label_path).kind == hdf5::ObjectKind::none) {
      LabelSource(file, files[item.file], pattern, options.labels).fail_missing(item.label_path);
    }
    sets.push_back(read_labels(file, files[item.file], item.label_path));
    table.add(sets.back());
  }
  for (LabelSet& set : sets) table.encode(set);
  classes = table.classes();
  for (const std::int32_t label : sets[label_sets[0]].codes) ++classes[static_cast<std::size_t>(label)].count;
  label_path = found[0].label_path;
}

Reader::Reader(const std::vector<std::string>& files, const Options& options) : impl_(std::make_unique<Impl>()) {
  if (files.empty()) throw Error("no dump was given; give at least one HDF5 file");
  const hdf5::QuietErrors quiet;
  impl_->files = files;
  impl_->options = options;
  impl_->open.lock = options.lock;
  impl_->find_items();
  impl_->read_label_sets();
}

Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const std::vector<Item>& Reader::items() const { return impl_->items; }
const std::vector<Class>& Reader::classes() const { return impl_->classes; }
const std::string& Reader::label_path() const { return impl_->label_path; }

ItemSize Reader::size(const Item& item) const {
  if (item.index >= impl_->items.size()) throw Error(item.location, "is not an item of this reader");
  const hdf5::QuietErrors quiet;
  const Found& found = impl_->found[item.index];
  return activations_size(impl_->open.get(impl_->files, found.file), impl_->files[found.file], found.slice,
                          impl_->options.threads);
}

Activations Reader::read(const Item& item) const {
  if (item.index >= impl_->items.size()) throw Error(item.location, "is not an item of this reader");
  const hdf5::QuietErrors quiet;
  const Found& found = impl_->found[item.index];
  const LabelSet& labels = impl_->sets[impl_->label_sets[item.index]];
  const hdf5::Handle& file = impl_->open.get(impl_->files, found.file);
  return read_activations(file, impl_->files[found.file], found.slice, labels.codes, found.label_path,
                          impl_->options.nonfinite, thread_count(impl_->options.threads));
}

}  // namespace snnl::dump
