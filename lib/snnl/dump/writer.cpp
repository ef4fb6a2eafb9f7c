#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>

#include "snnl/dump_writer.hpp"
#include "snnl/error.hpp"
#include "snnl/files/copy.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/files/output_file.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/output.hpp"
#include "snnl/hdf5/types.hpp"

namespace snnl::dump {
namespace {

constexpr float largest_half = 65504.f;

/// IEEE binary16, which HDF5 has no name for: one bit of sign, five of exponent, ten of fraction.
hdf5::Handle half_type() {
  hdf5::Handle type(H5Tcopy(hdf5::native_float()));
  H5Tset_fields(type.get(), 15, 10, 5, 0, 10);
  H5Tset_size(type.get(), 2);
  H5Tset_ebias(type.get(), 15);
  return type;
}

std::string number_of(std::int64_t epoch) {
  char text[32];
  std::snprintf(text, sizeof text, "%04lld", static_cast<long long>(epoch));
  return text;
}

std::size_t count_of(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t size : shape) count *= size;
  return count;
}

off_t size_of(const files::OutputFile& file) { return ::lseek(file.descriptor(), 0, SEEK_END); }

/// Whether the file has all of an epoch already, and nothing else in it: writing it again would change its bytes.
bool holds_epoch(const hdf5::OutputFile& file, const std::string& group, const std::vector<RecordedLayer>& layers,
                 hid_t stored, const std::string& predicted, const std::vector<std::int64_t>& predictions) {
  if (!file.has(group) || file.has(predicted) == predictions.empty()) return false;
  std::set<std::string> members;
  for (const RecordedLayer& layer : layers) {
    members.insert(layer.name.substr(0, layer.name.find('/')));
    if (!file.holds(fmt::format("{}/{}", group, layer.name), hdf5::native_float(), stored, layer.values, layer.shape))
      return false;
  }
  return members.size() == file.count_members(group) &&
         (predictions.empty() ||
          file.holds(predicted, hdf5::native_int64(), hdf5::native_int64(), predictions.data(), {predictions.size()}));
}

}  // namespace

DumpWriter::DumpWriter(std::string path, DumpDescription description, StoredType type, Existing existing)
    : path_(std::move(path)), description_(std::move(description)), type_(type) {
  const std::vector<std::int64_t>& labels = description_.labels;
  if (labels.empty()) throw Error(path_, "has no labels");
  const auto [least, most] = std::minmax_element(labels.begin(), labels.end());
  const auto classes = static_cast<std::int64_t>(description_.class_names.size());
  if (classes > 0 && (*least < 0 || *most >= classes)) {
    throw Error(path_, fmt::format("labels lie in {} .. {}, but there are {} class names", *least, *most, classes));
  }
  if (!description_.sample_ids.empty() && description_.sample_ids.size() != labels.size()) {
    throw Error(path_, fmt::format("{} sample ids, but {} labels", description_.sample_ids.size(), labels.size()));
  }
  if (!files::file_exists(path_)) return;
  if (existing != Existing::replaced) check_same_run();
  if (existing != Existing::continued) held_back_ = std::make_unique<files::OutputFile>(path_);
}

void DumpWriter::check_same_run() const {
  const hdf5::QuietErrors quiet;
  const hdf5::Handle file = hdf5::open_file(path_);
  if (hdf5::integer_attribute(file, path_, "/", "snnl_dump_version") != std::int64_t{1}) {
    throw Error(path_, "exists, and is no activation dump of version 1", "choose another name");
  }
  const std::string where = path_ + ":/labels";
  const hdf5::Handle set = hdf5::own(H5Dopen2(file.get(), "/labels", H5P_DEFAULT), where, "open the labels");
  const hdf5::Handle space = hdf5::own(H5Dget_space(set.get()), where, "open the labels");
  const auto count = hdf5::check(H5Sget_simple_extent_npoints(space.get()), where, "count the labels");
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  if (labels.size() == description_.labels.size()) {
    hdf5::check(H5Dread(set.get(), hdf5::native_int64(), H5S_ALL, H5S_ALL, H5P_DEFAULT, labels.data()), where,
                "read the labels");
  }
  if (labels != description_.labels) {
    throw Error(path_, "exists, with other labels", "choose another name, or remove it");
  }
  if (description_.run.empty()) return;
  const auto run = hdf5::string_attribute(file, path_, "/", "run");
  if (!run || *run != std::vector<std::string>{description_.run}) {
    throw Error(path_, "exists, and is the dump of another run", "choose another name, or remove it");
  }
}

void DumpWriter::check_layer(const RecordedLayer& layer) const {
  std::istringstream parts(layer.name + "/");
  bool good = !layer.name.empty() && layer.name.front() != '/' && layer.name.back() != '/';
  bool first = true;
  for (std::string part; std::getline(parts, part, '/'); first = false) {
    good &= !part.empty() && part != "." && part != ".." && !(first && (part == "labels" || part == "label_sets"));
  }
  if (!good)
    throw Error(path_, fmt::format("'{}' cannot name a layer: in a dump it would name something else", layer.name));
  if (layer.shape.size() < 2 || layer.shape[0] != description_.labels.size()) {
    throw Error(path_, fmt::format("layer '{}' does not have one row for each of {} labels", layer.name,
                                   description_.labels.size()));
  }
  if (type_ == StoredType::single) return;
  const float* const end = layer.values + count_of(layer.shape);
  const float* const beyond =
      std::find_if(layer.values, end, [](float v) { return std::isfinite(v) && std::abs(v) > largest_half; });
  if (beyond == end) return;
  std::ostringstream message;
  message << "layer '" << layer.name << "' holds " << *beyond << ", which is beyond float16; record it as float32";
  throw Error(path_, message.str());
}

DumpWriter::~DumpWriter() = default;
DumpWriter::DumpWriter(DumpWriter&&) noexcept = default;
DumpWriter& DumpWriter::operator=(DumpWriter&&) noexcept = default;

void DumpWriter::write_epoch(std::int64_t epoch, const std::vector<RecordedLayer>& layers,
                             const std::vector<std::int64_t>& predictions, bool replace) const {
  if (epoch < 0) throw Error(path_, fmt::format("epoch {} is negative", epoch));
  if (layers.empty()) throw Error(path_, fmt::format("epoch {} has no layers", epoch));
  for (const RecordedLayer& layer : layers) check_layer(layer);
  if (!predictions.empty() && predictions.size() != description_.labels.size()) {
    throw Error(path_, fmt::format("{} predictions, but {} labels", predictions.size(), description_.labels.size()));
  }
  if (held_back_) {
    fill(*held_back_, epoch, layers, predictions, replace);
    return;
  }
  files::OutputFile out(path_);
  if (out.replaces_file()) files::copy_bytes(path_, out);
  if (fill(out, epoch, layers, predictions, replace)) out.commit();
}

void DumpWriter::publish() {
  if (!held_back_ || size_of(*held_back_) == 0) return;
  held_back_->commit();
  held_back_.reset();
}

bool DumpWriter::fill(const files::OutputFile& out, std::int64_t epoch, const std::vector<RecordedLayer>& layers,
                      const std::vector<std::int64_t>& predictions, bool replace) const {
  const hdf5::QuietErrors quiet;
  using Mode = hdf5::OutputFile::Mode;
  const bool is_new = size_of(out) == 0;
  const hdf5::OutputFile file(out, is_new ? Mode::create : Mode::append);
  const DumpDescription& d = description_;
  std::size_t names = 0;
  for (const auto* list : {&d.class_names, &d.layer_names}) {
    for (const std::string& name : *list) names += 2 * (name.size() + 32);
  }
  file.need_room(names + 16 * d.labels.size());
  if (is_new) {
    file.attribute("/", "snnl_dump_version", std::int64_t{1});
    if (!d.layer_names.empty()) file.attribute("/", "layer_names", d.layer_names);
    if (!d.model.empty()) file.attribute("/", "model", d.model);
    if (!d.dataset.empty()) file.attribute("/", "dataset", d.dataset);
    if (!d.run.empty()) file.attribute("/", "run", d.run);
    file.write("/labels", d.labels);
    if (!d.class_names.empty()) file.attribute("/labels", "class_names", d.class_names);
    if (!d.sample_ids.empty()) file.write("/sample_ids", d.sample_ids);
  }
  const std::string group = "/epochs/" + number_of(epoch), predicted = "/predictions/" + number_of(epoch);
  const hdf5::Handle half = half_type();
  const hid_t stored = type_ == StoredType::half ? half.get() : hdf5::native_float();
  if (replace && holds_epoch(file, group, layers, stored, predicted, predictions)) return false;
  for (const std::string& path : {group, predicted}) {
    if (!file.has(path)) continue;
    if (!replace) throw Error(path_, fmt::format("has epoch {} already", epoch));
    file.remove(path);
  }
  file.make_group(group);
  file.attribute(group, "epoch", epoch);
  for (const RecordedLayer& layer : layers) {
    file.need_room(sizeof(float) * count_of(layer.shape));
    file.write(fmt::format("{}/{}", group, layer.name), hdf5::native_float(), stored, layer.values, layer.shape);
  }
  if (!predictions.empty()) {
    file.need_room(8 * predictions.size());
    file.write(predicted, predictions);
  }
  file.flush();
  return true;
}

}  // namespace snnl::dump
