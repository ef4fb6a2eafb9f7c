#include "snnl/results/per_sample.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <ostream>

#include "snnl/dump/hdf5_handle.hpp"
#include "snnl/dump/hdf5_types.hpp"
#include "snnl/results/csv.hpp"
#include "snnl/results/number.hpp"

namespace snnl {
namespace hdf5 = dump::hdf5;
namespace {

/// An HDF5 file being written; `where` names it in messages.
class LossFile {
 public:
  LossFile(const std::string& path, std::string where, const std::vector<std::string>& classes)
      : where_(std::move(where)) {
    const hdf5::QuietErrors quiet;
    file_ = own(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "create the file");
    parents_ = own(H5Pcreate(hdf5::link_creation()), "set up links");
    check(H5Pset_create_intermediate_group(parents_.get(), 1), "set up links");
    const std::string schema = "snnl.per-sample/1";
    write_strings("schema", {schema});
    write_strings("class_names", classes);
  }

  void add(const ItemDone& done) {
    const hdf5::QuietErrors quiet;
    const dump::Activations& a = *done.activations;
    char epoch[32];
    std::snprintf(epoch, sizeof epoch, "%04lld", static_cast<long long>(done.item.epoch));
    const std::string folder = "/epochs/" + std::string(epoch) + "/" + done.item.layer;
    write(folder + "/loss", hdf5::native_double(), done.item.result->sample_loss.data(), a.labels.size());
    const std::vector<std::int64_t> rows(a.rows.begin(), a.rows.end()), labels(a.labels.begin(), a.labels.end());
    write(folder + "/row", hdf5::native_int64(), rows.data(), rows.size());
    write(folder + "/label", hdf5::native_int64(), labels.data(), labels.size());
    check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "write to the disk");
  }

 private:
  hdf5::Handle own(hid_t id, const std::string& action) const {
    check(id, action);
    return hdf5::Handle(id);
  }

  template <class Status>
  void check(Status status, const std::string& action) const {
    if (status < 0) throw Error(where_, "could not " + action + " (HDF5: " + hdf5::last_error() + ")");
  }

  void write(const std::string& path, hid_t type, const void* data, std::size_t count) const {
    const hsize_t size = count;
    const hdf5::Handle space = own(H5Screate_simple(1, &size, nullptr), "describe " + path);
    const hdf5::Handle set =
        own(H5Dcreate2(file_.get(), path.c_str(), type, space.get(), parents_.get(), H5P_DEFAULT, H5P_DEFAULT),
            "create " + path);
    check(H5Dwrite(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write " + path);
  }

  void write_strings(const std::string& name, const std::vector<std::string>& texts) const {
    const hdf5::Handle type = own(H5Tcopy(hdf5::c_string()), "describe strings");
    check(H5Tset_size(type.get(), H5T_VARIABLE), "describe strings");
    check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "describe strings");
    const hsize_t size = texts.size();
    const hdf5::Handle space = own(H5Screate_simple(1, &size, nullptr), "describe " + name);
    const hdf5::Handle attribute =
        own(H5Acreate2(file_.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
            "create the attribute " + name);
    std::vector<const char*> pointers;
    for (const std::string& text : texts) pointers.push_back(text.c_str());
    check(H5Awrite(attribute.get(), type.get(), pointers.data()), "write the attribute " + name);
  }

  std::string where_;
  hdf5::Handle file_, parents_;
};

}  // namespace

PerSampleSink per_sample_csv(std::ostream& out, std::vector<std::string> classes) {
  out << "epoch,layer,row,class,loss\n";
  return [&out, classes = std::move(classes)](const ItemDone& done) {
    if (!done.item.result) return;
    const std::string start = std::to_string(done.item.epoch) + ',' + csv_field(done.item.layer) + ',';
    const std::vector<double>& loss = done.item.result->sample_loss;
    for (std::size_t i = 0; i < loss.size(); ++i) {
      const auto label = static_cast<std::size_t>(done.activations->labels[i]);
      out << start << done.activations->rows[i] << ',' << csv_field(classes[label]) << ',' << format_number(loss[i])
          << '\n';
    }
  };
}

PerSampleSink per_sample_hdf5(const std::string& path, const std::string& shown, std::vector<std::string> classes) {
  const auto file = std::make_shared<LossFile>(path, shown, classes);
  return [file](const ItemDone& done) {
    if (done.item.result) file->add(done);
  };
}

bool is_hdf5_name(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  return extension == ".h5" || extension == ".hdf5";
}

}  // namespace snnl
