#include "snnl/outliers/sample_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <utility>

#include "snnl/dump/integer_bits.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/error.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::outliers {
namespace {

std::vector<std::string> names_of(const std::vector<dump::Class>& classes) {
  std::vector<std::string> out;
  for (const dump::Class& c : classes) out.push_back(c.name);
  return out;
}

}  // namespace

SampleSet::SampleSet(std::string name, SamplePart part, const ReadOptions& options)
    : name_(std::move(name)), part_(std::move(part)), options_(options) {
  reader_ = std::make_unique<dump::Reader>(open_set());
  epoch_ = reader_->items().back().epoch;
  for (const Error& remark : reader_->remarks()) tell(remark);
  if (reader_->one_hot_labels()) {
    tell(Error(text::location(part_.file, ""), "labels are one-hot: the class of a sample is the column of its 1"));
  }
  choose_layers();
  choose_rows();
}

dump::Reader SampleSet::open_set() const {
  try {
    return open(options_.labels, options_.ignored_labels);
  } catch (const Error& e) {
    const bool none =
        e.message().starts_with("there are no labels") || e.message().starts_with("there is no such label");
    if (options_.labels_required || options_.labels.empty() || !none) throw;
    return open("", options_.ignored_labels);  // those of the other sets: this one needs none
  }
}

void SampleSet::choose_layers() {
  std::vector<std::string> all;
  for (const dump::Item& one : reader_->items()) {
    if (one.epoch == epoch_) all.push_back(one.layer);
  }
  layers_ = text::select_listed(options_.layers, all, [&](const std::string& glob) {
    throw Error(part_.file, fmt::format("no layer matches '{}'{}", glob, text::did_you_mean(glob, all)));
  });
}

dump::Reader SampleSet::open(const std::string& labels, const std::vector<std::string>& ignored) const {
  dump::Options options;
  options.layout = options_.layout;
  options.labels = labels;
  options.ignored_labels = ignored;
  if (options_.epoch) options.epochs = std::to_string(*options_.epoch);
  options.pooling = options_.pooling;
  options.integer_bits = options_.integer_bits;
  options.threads = options_.threads;
  options.labels_required = options_.labels_required;
  const std::vector<std::string> files{part_.file};
  return options_.open ? options_.open(files, options) : dump::Reader(files, options);
}

bool SampleSet::has(const std::string& layer) const {
  return std::any_of(reader_->items().begin(), reader_->items().end(),
                     [&](const dump::Item& one) { return one.epoch == epoch_ && one.layer == layer; });
}

bool SampleSet::has_predictions(const std::string& path) const {
  try {
    open(path, {});
    return true;
  } catch (const Error&) {
    return false;
  }
}

const dump::Item& SampleSet::item(const std::string& layer) const {
  for (const dump::Item& one : reader_->items()) {
    if (one.epoch == epoch_ && one.layer == layer) return one;
  }
  throw Error(part_.file, fmt::format("has no layer '{}' at epoch {}, which the training file has{}", layer, epoch_,
                                      text::did_you_mean(layer, layers())));
}

SampleSet::Labels SampleSet::read_label_set(const std::string& path) const { return read_label_set(open(path, {})); }

SampleSet::Labels SampleSet::read_label_set(const dump::Reader& reader) const {
  // The smallest of the layers: labels come with activations.
  const dump::Item* least = nullptr;
  for (const dump::Item& one : reader.items()) {
    const bool is_chosen = std::find(layers_.begin(), layers_.end(), one.layer) != layers_.end();
    if (one.epoch == epoch_ && is_chosen && (!least || reader.size(one).features < reader.size(*least).features))
      least = &one;
  }
  if (!least) throw Error(part_.file, "has no epoch " + std::to_string(epoch_));
  const dump::Activations read = reader.read(*least);
  std::vector<std::int32_t> labels(reader.size(*least).samples, -1);
  for (std::size_t i = 0; i < read.rows.size(); ++i) labels[read.rows[i]] = read.labels[i];
  return {std::move(labels), reader.classes()};
}

void SampleSet::choose_rows() {
  const auto [all, classes] = read_label_set(*reader_);
  if (!part_.label_set.empty()) {
    const auto [parts, names] = read_label_set(part_.label_set);
    const auto wanted = std::find_if(names.begin(), names.end(), [&](const auto& c) { return c.name == part_.label; });
    if (wanted == names.end()) {
      throw Error(part_.text, fmt::format("label set '{}' has no class '{}'{}", part_.label_set, part_.label,
                                          text::did_you_mean(part_.label, names_of(names))));
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == wanted - names.begin()) rows_.push_back(i);
    }
  } else {
    const std::size_t first = part_.first.value_or(0), last = part_.last.value_or(all.size());
    if (last > all.size() || first >= all.size()) {
      throw Error(part_.text, fmt::format("the range goes beyond the {} samples of the file", all.size()));
    }
    rows_.resize(last - first);
    std::iota(rows_.begin(), rows_.end(), first);
  }
  const std::size_t before = rows_.size();
  std::erase_if(rows_, [&labels = all](std::size_t row) { return labels[row] < 0; });
  ignored_ = before - rows_.size();
  if (rows_.empty()) throw Error(part_.text, "the labels of all its samples are ignored");
  for (const std::size_t row : rows_) labels_.push_back(all[row]);
}

void SampleSet::tell(const Error& remark) const {
  if (options_.on_remark) options_.on_remark(remark);
}

SampleSet::Layer SampleSet::read(const std::string& layer) const {
  const dump::Item& from = item(layer);
  const dump::Activations all = reader_->read(from);
  if (all.looks_like != dump::IntegerBits::numbers) tell(dump::looks_like_bits(from.location, all.looks_like));
  Layer out;
  out.location = from.location;
  out.rows = rows_.size();
  std::visit(
      [&]<class Real>(const dump::Values<Real>& x) {
        auto& values = [&out]() -> auto& {
          if constexpr (std::is_same_v<Real, double>) {
            return out.wide;
          } else {
            return out.values;
          }
        }
        ();
        out.features = x.shape(1);
        values.reserve(out.rows * out.features);
        std::size_t place = 0;  // both are ascending
        for (const std::size_t row : rows_) {
          while (place < all.rows.size() && all.rows[place] < row) ++place;
          if (place == all.rows.size() || all.rows[place] != row) {
            throw Error(from.location, fmt::format("has no sample {}, which its labels have", row));
          }
          for (std::size_t f = 0; f < out.features; ++f) values.push_back(x(place, f));
        }
      },
      all.values);
  return out;
}

std::string SampleSet::unused_pooling() const {
  std::vector<dump::Item> chosen;
  for (const std::string& layer : layers_) chosen.push_back(item(layer));
  return dump::unused_pooling(*reader_, chosen, options_.pooling);
}

std::vector<std::int32_t> SampleSet::read_predictions(const std::string& path,
                                                      const std::vector<dump::Class>& classes) const {
  const auto [all, stored] = read_label_set(path);
  std::vector<std::int32_t> to_class;
  for (const dump::Class& one : stored) {
    const auto same = std::find_if(classes.begin(), classes.end(), [&](const dump::Class& c) {
      return (one.value && c.value) ? *one.value == *c.value : one.name == c.name;
    });
    if (same == classes.end()) {
      throw Error(fmt::format("{}:{}", part_.file, path),
                  fmt::format("predicts class '{}', which is not among those of the training set", one.name));
    }
    to_class.push_back(static_cast<std::int32_t>(same - classes.begin()));
  }
  std::vector<std::int32_t> out;
  for (const std::size_t row : rows_) out.push_back(to_class[static_cast<std::size_t>(all.at(row))]);
  return out;
}

}  // namespace snnl::outliers
