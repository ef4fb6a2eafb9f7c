#include "snnl/hdf5/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "snnl/error.hpp"
#include "snnl/hdf5/types.hpp"
#include "snnl/memory/room.hpp"

namespace snnl::hdf5 {
namespace {

constexpr std::size_t least_memory = std::size_t{4} << 20;  ///< for what HDF5 has in memory
constexpr std::size_t bookkeeping = 1 << 16;  ///< bytes that HDF5 needs at most beside the data of a write

std::vector<const char*> pointers_of(const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  return pointers;
}

}  // namespace

Handle OutputFile::own(hid_t id, const std::string& action) const {
  check(id, action);
  return Handle(id);
}

void OutputFile::check(std::int64_t status, const std::string& action) const {
  if (status < 0) throw Error(output_.path(), fmt::format("could not {} (HDF5: {})", action, last_error()));
}

OutputFile::OutputFile(const files::OutputFile& file, Mode mode) : output_(file) {
  const QuietErrors quiet;
  // Not by its name: what has that may have been replaced since it was made.
  const std::string path = file.name_to_open();
  if (mode == Mode::create) {
    need_room(0);
    file_ = own(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "create the file");
  } else {
    file_ = own(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "open the file for writing");
  }
  parents_ = own(H5Pcreate(link_creation()), "set up links");
  check(H5Pset_create_intermediate_group(parents_.get(), 1), "set up links");
  undated_ = own(H5Pcreate(H5P_DATASET_CREATE), "set up datasets");
  check(H5Pset_obj_track_times(undated_.get(), false), "set up datasets");
  text_ = own(H5Tcopy(c_string()), "describe strings");
  check(H5Tset_size(text_.get(), H5T_VARIABLE), "describe strings");
  check(H5Tset_cset(text_.get(), H5T_CSET_UTF8), "describe strings");
}

OutputFile::~OutputFile() {
  const QuietErrors quiet;
  file_ = Handle();
}

void OutputFile::need_room(std::size_t bytes) const {
  // Nor does it survive where there is no memory.
  if (!memory::has_room(bytes + least_memory)) throw std::bad_alloc();
  const off_t size = ::lseek(output_.descriptor(), 0, SEEK_END);
  int failure = ::posix_fallocate(output_.descriptor(), size, static_cast<off_t>(bytes + bookkeeping));
  if (::ftruncate(output_.descriptor(), size) != 0 && failure == 0) failure = errno;
  if (failure != 0) {
    throw Error(output_.path(), fmt::format("could not be written whole ({})", std::strerror(failure)));
  }
}

bool OutputFile::has(const std::string& path) const {
  // Parent by parent: asking for a path below a missing group is an error.
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    const htri_t there = H5Lexists(file_.get(), part.c_str(), H5P_DEFAULT);
    check(there, "look for " + part);
    if (there == 0) return false;
    if (end == std::string::npos) return true;
  }
}

void OutputFile::remove(const std::string& path) const {
  check(H5Ldelete(file_.get(), path.c_str(), H5P_DEFAULT), "remove " + path);
}

bool OutputFile::holds(const std::string& path, hid_t type, hid_t stored, const void* data,
                       const std::vector<std::size_t>& shape) const {
  if (!has(path)) return false;
  const Handle set(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT));
  if (!set) return false;
  const Handle space = own(H5Dget_space(set.get()), "look at " + path);
  std::vector<hsize_t> sizes(shape.size());
  if (H5Sget_simple_extent_ndims(space.get()) != static_cast<int>(sizes.size())) return false;
  H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  if (!std::equal(sizes.begin(), sizes.end(), shape.begin())) return false;
  const Handle found = own(H5Dget_type(set.get()), "look at " + path);
  if (H5Tequal(found.get(), stored) <= 0) return false;
  std::size_t count = 1;
  for (const std::size_t size : shape) count *= size;
  const std::size_t bytes = count * H5Tget_size(stored);
  std::vector<char> there(bytes), wanted(count * std::max(H5Tget_size(type), H5Tget_size(stored)));
  check(H5Dread(set.get(), stored, H5S_ALL, H5S_ALL, H5P_DEFAULT, there.data()), "read " + path);
  std::memcpy(wanted.data(), data, count * H5Tget_size(type));
  check(H5Tconvert(type, stored, count, wanted.data(), nullptr, H5P_DEFAULT), "convert " + path);
  return std::memcmp(there.data(), wanted.data(), bytes) == 0;
}

std::size_t OutputFile::count_members(const std::string& path) const {
  H5G_info_t info;
  check(H5Gget_info_by_name(file_.get(), path.c_str(), &info, H5P_DEFAULT), "look at " + path);
  return info.nlinks;
}

void OutputFile::make_group(const std::string& path) const {
  own(H5Gcreate2(file_.get(), path.c_str(), parents_.get(), H5P_DEFAULT, H5P_DEFAULT), "create " + path);
}

void OutputFile::write(const std::string& path, hid_t type, hid_t stored, const void* data,
                       const std::vector<std::size_t>& shape) const {
  const std::vector<hsize_t> sizes(shape.begin(), shape.end());
  const Handle space = own(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), "describe " + path);
  const Handle set =
      own(H5Dcreate2(file_.get(), path.c_str(), stored, space.get(), parents_.get(), undated_.get(), H5P_DEFAULT),
          "create " + path);
  check(H5Dwrite(set.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write " + path);
}

void OutputFile::write(const std::string& path, const std::vector<std::int64_t>& values) const {
  write(path, native_int64(), native_int64(), values.data(), {values.size()});
}

void OutputFile::write(const std::string& path, const std::vector<double>& values) const {
  write(path, native_double(), native_double(), values.data(), {values.size()});
}

void OutputFile::write(const std::string& path, const std::vector<std::string>& values) const {
  write(path, text_.get(), text_.get(), pointers_of(values).data(), {values.size()});
}

void OutputFile::write_attribute(const std::string& path, const std::string& name, hid_t type, hid_t space,
                                 const void* data) const {
  const Handle attribute = own(
      H5Acreate_by_name(file_.get(), path.c_str(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      "create the attribute " + name);
  check(H5Awrite(attribute.get(), type, data), "write the attribute " + name);
}

void OutputFile::attribute(const std::string& path, const std::string& name, std::int64_t value) const {
  const Handle space = own(H5Screate(H5S_SCALAR), "describe the attribute " + name);
  write_attribute(path, name, native_int64(), space.get(), &value);
}

void OutputFile::attribute(const std::string& path, const std::string& name, const std::string& value) const {
  const Handle space = own(H5Screate(H5S_SCALAR), "describe the attribute " + name);
  const char* const text = value.c_str();
  write_attribute(path, name, text_.get(), space.get(), &text);
}

void OutputFile::attribute(const std::string& path, const std::string& name,
                           const std::vector<std::string>& values) const {
  const hsize_t size = values.size();
  const Handle space = own(H5Screate_simple(1, &size, nullptr), "describe the attribute " + name);
  write_attribute(path, name, text_.get(), space.get(), pointers_of(values).data());
}

void OutputFile::flush() const { check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "write to the disk"); }

}  // namespace snnl::hdf5
