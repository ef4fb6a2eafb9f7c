#include <fmt/format.h>

#include <algorithm>

#include "snnl/inspect/inspector.hpp"
#include "snnl/inspect/propose_layout.hpp"
#include "snnl/text/shell.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::inspect {

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
                       std::string("read it with --layout ").append(text::shell_quoted(input_.layout))});
      }
      tell_other_readings();
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
  auto proposal = propose_layout(readable, input_, keep_layout);
  if (!proposal) return;
  result_.layout_proposed = proposal->layout != input_.layout;
  result_.labels_proposed = proposal->labels != input_.labels;
  input_.layout = proposal->layout;
  input_.labels = proposal->labels;
  input_.layers = proposal->layers;
  result_.proposal = std::move(*proposal);
}

void Inspector::tell_other_readings() {
  if (!result_.proposal || result_.proposal->others.empty()) return;
  findings_.add({Severity::warning, names_.size() == 1 ? names_[0] : "", "",
                 std::string("can be read otherwise, too: ").append(text::listing(result_.proposal->others)),
                 "look which of them is meant"});
}

void Inspector::number_items() {
  attempt([&] { dump::number_epochs(contents_, names_, dump::layout_of(input_)); });
  for (dump::FileContents& contents : contents_) {
    for (dump::Found& found : contents.found) {
      if (!found.epoch) found.epoch = contents.epoch;
      const auto wanted = [&](const std::string& layer) { return layer == found.layer; };
      if (input_.layers.empty() || std::any_of(input_.layers.begin(), input_.layers.end(), wanted)) {
        found_.push_back(found);
      }
    }
  }
  dump::sort_items(found_, contents_);
  for (std::size_t k = 1; k < found_.size(); ++k) {
    const dump::Found& one = found_[k - 1];
    const dump::Found& other = found_[k];
    if (!one.epoch || one.epoch != other.epoch || one.layer != other.layer) continue;
    attempt([&] { dump::fail_duplicate(one, other, names_); });
  }
}

void Inspector::look_at_items(const OnProgress& on_progress) {
  std::set<std::int64_t> epochs;
  std::set<std::string> layers;
  for (std::size_t k = 0; k < found_.size(); ++k) {
    const dump::Found& found = found_[k];
    ItemInfo item;
    item.epoch = found.epoch;
    item.layer = found.layer;
    item.path = found.slice.text();
    if (on_progress) {
      on_progress(static_cast<double>(k) / static_cast<double>(found_.size()),
                  fmt::format("{}, {}", item.layer, item.path));
    }
    attempt([&] {
      item.dataset = describe(found.file, found.slice.path, input_.integer_bits);
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

void Inspector::check_layers() {
  std::map<std::string, std::set<std::int64_t>> has;
  for (const dump::Found& found : found_) {
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
                   fmt::format("layer '{}' is missing in {}{}", text::location(layer, ""),
                               missing.size() == 1 ? "epoch " : "epochs ", text::listing(missing)),
                   "write it there, or leave these out with --epochs"});
  }
  for (std::size_t i = 0; i < contents_.size(); ++i) {
    std::vector<std::string> absent;
    for (const std::string& name : contents_[i].layer_names) {
      if (!has.contains(name)) absent.push_back(name);
    }
    if (absent.empty() || found_.empty() || !input_.layers.empty()) continue;
    findings_.add({Severity::warning, names_[i], "",
                   std::string("the attribute layer_names names what no epoch has: ") + text::listing(absent),
                   "write these layers, or take the names out"});
  }
}

}  // namespace snnl::inspect
