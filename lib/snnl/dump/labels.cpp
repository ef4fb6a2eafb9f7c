#include "snnl/dump/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "snnl/dump/ignored_labels.hpp"
#include "snnl/dump/one_hot.hpp"
#include "snnl/error.hpp"
#include "snnl/files/digest.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/strings.hpp"
#include "snnl/hdf5/types.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

using hdf5::Dataset;
using hdf5::Handle;

std::size_t label_count(const Dataset& dataset) {
  const std::vector<std::size_t>& shape = dataset.shape;
  if (has_label_shape(dataset) || has_one_hot_shape(dataset)) {
    if (shape[0] == 0) throw Error(dataset.where, "holds no labels", "write one label per sample");
    // A class index is an int32, and so many samples have no pairwise distances in a lifetime.
    if (shape[0] > std::numeric_limits<std::int32_t>::max()) throw Error(dataset.where, "holds more than 2^31 labels");
    return shape[0];
  }
  throw Error(dataset.where,
              fmt::format("has shape {}, but labels are one number or string per sample", text::shape_text(shape)),
              "name another label set with --labels");
}

template <typename Value>
std::vector<Value> read_all(const Dataset& dataset, std::size_t count, hid_t memory_type) {
  hdf5::checked_bytes({count}, sizeof(Value), dataset.where);
  std::vector<Value> values(count);
  if (H5Dread(dataset.id.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    hdf5::fail_reading(dataset);
  }
  return values;
}

[[noreturn]] void bad_label(const Dataset& dataset, std::size_t row, const std::string& why,
                            const std::string& advice) {
  throw Error(dataset.where, fmt::format("row {} holds the label {}", row, why), advice);
}

std::vector<std::int64_t> read_columns_of_ones(const Dataset& dataset) {
  OneHot rows = read_one_hot(dataset);
  if (rows.holds()) return std::move(rows.columns);
  throw Error(
      dataset.where,
      fmt::format("has shape {}, but row {} is not one-hot, one 1 and zeros else: one label per sample is needed",
                  text::shape_text(dataset.shape), rows.columns.size()),
      "store the class number of each sample (argmax over axis 1, where that is meant)");
}

std::vector<std::int64_t> read_integers(const Dataset& dataset, std::size_t count) {
  if (H5Tget_class(dataset.type.get()) == H5T_FLOAT) {
    const std::vector<double> values = read_all<double>(dataset, count, hdf5::native_double());
    std::vector<std::int64_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) {
      // Beyond 2^53 neighbouring integers are one double.
      if (!(std::abs(values[i]) <= 0x1p53) || values[i] != std::floor(values[i])) {
        bad_label(dataset, i, std::to_string(values[i]) + ", which is not a whole number", "write labels as integers");
      }
      labels[i] = static_cast<std::int64_t>(values[i]);
    }
    return labels;
  }
  const bool is_unsigned =
      H5Tget_class(dataset.type.get()) == H5T_INTEGER && H5Tget_sign(dataset.type.get()) == H5T_SGN_NONE;
  if (!is_unsigned) return read_all<std::int64_t>(dataset, count, hdf5::native_int64());
  const std::vector<std::uint64_t> values = read_all<std::uint64_t>(dataset, count, hdf5::native_uint64());
  for (std::size_t i = 0; i < count; ++i) {
    if (values[i] > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      bad_label(dataset, i, std::to_string(values[i]) + ", which is too large", "use labels below 2^63");
    }
  }
  return {values.begin(), values.end()};
}

std::vector<std::string> read_label_strings(const Dataset& dataset, std::size_t count) {
  constexpr std::size_t at_once = 65536;
  hdf5::checked_bytes({count}, sizeof(std::string), dataset.where);
  const Handle space = hdf5::own(H5Dget_space(dataset.id.get()), dataset.where, "tell its shape");
  const auto read = [&](std::size_t first, std::size_t part, hid_t type, void* buffer) {
    const hsize_t start[] = {first, 0}, extent[] = {part, 1};  // [n] or [n, 1]
    const Handle memory(H5Screate_simple(1, extent, nullptr));
    if (!memory || H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, extent, nullptr) < 0 ||
        H5Dread(dataset.id.get(), type, memory.get(), space.get(), H5P_DEFAULT, buffer) < 0) {
      hdf5::fail_reading(dataset);
    }
    return 0;
  };
  return hdf5::read_strings(dataset.type, count, at_once, dataset.where, read);
}

template <typename Value>
void set_labels(LabelSet& set, const std::vector<Value>& labels) {
  std::vector<Value> distinct = labels;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  set.codes.reserve(labels.size());
  for (const Value& label : labels) {
    const auto found = std::lower_bound(distinct.begin(), distinct.end(), label);
    set.codes.push_back(static_cast<std::int32_t>(found - distinct.begin()));
  }
  set.distinct = std::move(distinct);
}

void check_names(const Dataset& dataset, const std::vector<std::int64_t>& labels, const LabelSet& set) {
  const std::vector<std::string>& names = set.names;
  if (names.empty()) return;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (set.ignored[static_cast<std::size_t>(set.codes[i])]) continue;
    if (labels[i] < 0 || static_cast<std::uint64_t>(labels[i]) >= names.size()) {
      bad_label(dataset, i,
                fmt::format("{}, but class_names has {}{} (labels from 0)", labels[i], names.size(),
                            names.size() == 1 ? " name" : " names"),
                labels[i] < 0
                    ? fmt::format("correct one of them, or leave out its samples with --ignore-label {}", labels[i])
                    : "correct one of them");
    }
  }
}

}  // namespace

bool has_label_shape(const Dataset& dataset) {
  return dataset.shape.size() == 1 || (dataset.shape.size() == 2 && dataset.shape[1] == 1);
}

bool may_be_labels(const Dataset& dataset) {
  const H5T_class_t type = H5Tget_class(dataset.type.get());
  return has_label_shape(dataset) &&
         (type == H5T_INTEGER || type == H5T_FLOAT || type == H5T_STRING || type == H5T_ENUM);
}

LabelSet read_labels(const Handle& file, const std::string& file_name, const std::string& path,
                     const std::vector<std::string>& ignored, std::set<std::string>* met) {
  const Dataset dataset = hdf5::open_dataset(file, file_name, path);
  const std::size_t count = label_count(dataset);
  if (!dataset.complete) hdf5::fail_incomplete(dataset);
  LabelSet set;
  set.where = dataset.where;
  const auto mark = [&] {
    std::set<std::string> found;
    set.ignored = ignored_among(set, ignored, found);
    if (met) met->merge(found);
  };
  hdf5::need_memory(count * hdf5::memory_of_string + 4 * hdf5::chunk_bytes(dataset));
  try {
    switch (H5Tget_class(dataset.type.get())) {
      case H5T_STRING: {
        hdf5::checked_bytes({count}, sizeof(std::string), dataset.where);
        const std::vector<std::string> labels = read_label_strings(dataset, count);
        const hdf5::OwnWork own_work;
        set_labels(set, labels);
        mark();
        break;
      }
      case H5T_INTEGER:
      case H5T_FLOAT:
      case H5T_ENUM: {
        set.one_hot = has_one_hot_shape(dataset);
        const std::vector<std::int64_t> labels =
            set.one_hot ? read_columns_of_ones(dataset) : read_integers(dataset, count);
        set.names = hdf5::string_attribute(file, file_name, path, "class_names").value_or(std::vector<std::string>());
        const hdf5::OwnWork own_work;
        set_labels(set, labels);
        mark();
        check_names(dataset, labels, set);
        break;
      }
      default:
        throw Error(dataset.where, "holds neither numbers nor strings", "write labels as integers or strings");
    }
  } catch (const std::bad_alloc&) {
    throw Error(dataset.where, fmt::format("its {} labels need more memory than there is", count));
  }
  return set;
}

std::string sample_ids_path(const std::string& label_path) {
  const auto parent = [](const std::string& path) { return path.substr(0, path.rfind('/')); };
  std::string group = parent(label_path);
  if (group.ends_with("/label_sets")) group = parent(group);
  return group + "/sample_ids";
}

std::vector<std::uint64_t> read_sample_ids(const Handle& file, const std::string& file_name, const std::string& path,
                                           std::size_t samples) {
  const Dataset dataset = hdf5::open_dataset(file, file_name, path);
  if (!has_label_shape(dataset) || dataset.shape[0] != samples) {
    throw Error(dataset.where,
                fmt::format("has shape {}, but there are {} labels", text::shape_text(dataset.shape), samples),
                "write one id per sample");
  }
  if (!dataset.complete) hdf5::fail_incomplete(dataset);
  hdf5::need_memory(samples * hdf5::memory_of_string + 4 * hdf5::chunk_bytes(dataset));
  std::vector<std::uint64_t> ids;
  ids.reserve(samples);
  const auto add = [&](const std::string& id) { ids.push_back(files::short_digest(id.data(), id.size())); };
  const H5T_class_t type = H5Tget_class(dataset.type.get());
  if (type == H5T_STRING) {
    for (const std::string& id : read_label_strings(dataset, samples)) add(id);
  } else if (type != H5T_INTEGER) {
    throw Error(dataset.where, "holds neither integers nor strings", "write one id per sample");
  } else if (H5Tget_sign(dataset.type.get()) == H5T_SGN_NONE) {
    for (const std::uint64_t id : read_all<std::uint64_t>(dataset, samples, hdf5::native_uint64()))
      add(std::to_string(id));
  } else {
    for (const std::int64_t id : read_all<std::int64_t>(dataset, samples, hdf5::native_int64()))
      add(std::to_string(id));
  }
  return ids;
}

LabelSet unlabelled(std::size_t samples, const std::string& where) {
  LabelSet out;
  out.where = where;
  out.distinct = std::vector<std::string>{"unlabelled"};
  out.codes.assign(samples, 0);
  return out;
}

std::size_t count_ignored(const LabelSet& set) {
  return static_cast<std::size_t>(std::count(set.codes.begin(), set.codes.end(), -1));
}

void ClassTable::add(const LabelSet& set) {
  if (const auto* strings = std::get_if<std::vector<std::string>>(&set.distinct)) {
    if (!integers_.empty()) {
      throw Error(set.where, fmt::format("holds strings, but {} holds integers", integers_.begin()->second.where),
                  "write all label sets alike");
    }
    for (std::size_t k = 0; k < strings->size(); ++k) {
      if (!set.is_ignored(k)) strings_.emplace((*strings)[k], set.where);
    }
    return;
  }
  if (!strings_.empty()) {
    throw Error(set.where, fmt::format("holds integers, but {} holds strings", strings_.begin()->second),
                "write all label sets alike");
  }
  const auto& labels = std::get<std::vector<std::int64_t>>(set.distinct);
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (set.is_ignored(k)) continue;
    const std::int64_t label = labels[k];
    const bool named = !set.names.empty();
    const Named entry{named ? set.names[static_cast<std::size_t>(label)] : std::to_string(label), named, set.where};
    const auto [place, is_new] = integers_.emplace(label, entry);
    if (is_new) continue;
    Named& known = place->second;
    // A set without class_names leaves the names to the others.
    if (known.explicit_name && named && known.name != entry.name) {
      throw Error(set.where,
                  fmt::format("calls class {} '{}', but {} calls it '{}'", label, entry.name, known.where, known.name),
                  "write the same class_names to all label sets");
    }
    if (!known.explicit_name && named) known = entry;
  }
}

std::vector<Class> ClassTable::classes() const {
  std::vector<Class> all;
  for (const auto& [value, named] : integers_) all.push_back({named.name, 0, value});
  for (const auto& [name, where] : strings_) all.push_back({name, 0, std::nullopt});
  return all;
}

void ClassTable::encode(LabelSet& set) const {
  std::vector<std::int32_t> index;
  // Both are ascending, so one walk over the table finds all.
  const auto collect = [&](const auto& table, const auto& distinct) {
    std::int32_t position = 0;
    auto entry = table.begin();
    for (const auto& label : distinct) {
      if (set.is_ignored(index.size())) {
        index.push_back(-1);
        continue;
      }
      for (; entry->first != label; ++entry) ++position;
      index.push_back(position);
    }
  };
  if (const auto* strings = std::get_if<std::vector<std::string>>(&set.distinct)) {
    collect(strings_, *strings);
  } else {
    collect(integers_, std::get<std::vector<std::int64_t>>(set.distinct));
  }
  for (std::int32_t& code : set.codes) code = index[static_cast<std::size_t>(code)];
}

}  // namespace snnl::dump
