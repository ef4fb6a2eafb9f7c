#include "snnl/results/per_sample.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
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

/// Checks that the file can grow by `more` bytes: HDF5 1.10 does not survive a full disk, it crashes on closing.
void check_room(const std::string& path, const std::string& where, std::size_t more) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  int failure = errno;
  if (file >= 0) {
    const off_t size = ::lseek(file, 0, SEEK_END);
    failure = ::posix_fallocate(file, size, static_cast<off_t>(more));
    if (::ftruncate(file, size) != 0 && failure == 0) failure = errno;
    ::close(file);
  }
  if (failure != 0) throw Error(where, std::string("could not be written whole (") + std::strerror(failure) + ")");
}

/// An HDF5 file being written; `where` names it in messages.
class LossFile {
 public:
  LossFile(const std::string& path, std::string where, const std::vector<std::string>& classes)
      : path_(path), where_(std::move(where)) {
    const hdf5::QuietErrors quiet;
    std::size_t names = 0;
    for (const std::string& name : classes) names += name.size() + 32;
    check_room(path_, where_, 2 * names + bookkeeping);
    file_ = own(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "create the file");
    parents_ = own(H5Pcreate(hdf5::link_creation()), "set up links");
    check(H5Pset_create_intermediate_group(parents_.get(), 1), "set up links");
    undated_ = own(H5Pcreate(H5P_DATASET_CREATE), "set up datasets");
    check(H5Pset_obj_track_times(undated_.get(), false), "set up datasets");
    write_schema("snnl.per-sample/1");
    // A dataset: an attribute has no room for thousands of names.
    std::vector<const char*> pointers;
    for (const std::string& name : classes) pointers.push_back(name.c_str());
    write("/class_names", string_type().get(), pointers.data(), pointers.size());
    flush();
  }
  ~LossFile() {
    const hdf5::QuietErrors quiet;
    file_ = hdf5::Handle();
  }
  LossFile(const LossFile&) = delete;
  LossFile& operator=(const LossFile&) = delete;

  void add(const ItemDone& done) {
    const hdf5::QuietErrors quiet;
    const dump::Activations& a = *done.activations;
    check_room(path_, where_, a.labels.size() * (sizeof(double) + 2 * sizeof(std::int64_t)) + bookkeeping);
    char epoch[32];
    std::snprintf(epoch, sizeof epoch, "%04lld", static_cast<long long>(done.item.epoch));
    const std::string folder = "/epochs/" + std::string(epoch) + "/" + done.item.layer;
    write(folder + "/loss", hdf5::native_double(), done.item.result->sample_loss.data(), a.labels.size());
    const std::vector<std::int64_t> rows(a.rows.begin(), a.rows.end()), labels(a.labels.begin(), a.labels.end());
    write(folder + "/row", hdf5::native_int64(), rows.data(), rows.size());
    write(folder + "/label", hdf5::native_int64(), labels.data(), labels.size());
    flush();
  }

 private:
  static constexpr std::size_t bookkeeping = 1 << 16;  ///< bytes that HDF5 needs at most beside the data of an item

  hdf5::Handle own(hid_t id, const std::string& action) const {
    check(id, action);
    return hdf5::Handle(id);
  }

  template <class Status>
  void check(Status status, const std::string& action) const {
    if (status < 0) throw Error(where_, "could not " + action + " (HDF5: " + hdf5::last_error() + ")");
  }

  /// Leaves nothing to write for when the file is closed and nobody hears of an error.
  void flush() const { check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "write to the disk"); }

  void write(const std::string& path, hid_t type, const void* data, std::size_t count) const {
    const hsize_t size = count;
    const hdf5::Handle space = own(H5Screate_simple(1, &size, nullptr), "describe " + path);
    const hdf5::Handle set =
        own(H5Dcreate2(file_.get(), path.c_str(), type, space.get(), parents_.get(), undated_.get(), H5P_DEFAULT),
            "create " + path);
    check(H5Dwrite(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write " + path);
  }

  hdf5::Handle string_type() const {
    hdf5::Handle type = own(H5Tcopy(hdf5::c_string()), "describe strings");
    check(H5Tset_size(type.get(), H5T_VARIABLE), "describe strings");
    check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "describe strings");
    return type;
  }

  void write_schema(const char* name) const {
    const hdf5::Handle type = string_type();
    const hdf5::Handle space = own(H5Screate(H5S_SCALAR), "describe the schema");
    const hdf5::Handle attribute =
        own(H5Acreate2(file_.get(), "schema", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), "create the schema");
    check(H5Awrite(attribute.get(), type.get(), &name), "write the schema");
  }

  std::string path_, where_;
  hdf5::Handle file_, parents_, undated_;
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
