#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "snnl/files/output_file.hpp"
#include "snnl/hdf5/handle.hpp"

namespace snnl::hdf5 {

/// An output being written as HDF5. Datasets carry no dates. Put QuietErrors around every use.
class OutputFile {
 public:
  enum class Mode { create, append };
  /// `file` outlives this, and gets its name afterwards. Throws snnl::Error where it cannot be opened for writing.
  OutputFile(const files::OutputFile& file, Mode mode);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws snnl::Error where the disk has no room for `bytes` of data more: HDF5 1.10 does not survive a full disk, it
  /// crashes on closing. To be asked before every write; what HDF5 needs beside the data is added.
  void need_room(std::size_t bytes) const;

  bool has(const std::string& path) const;
  void remove(const std::string& path) const;
  /// Whether there is a dataset that `write` of the same arguments would make.
  bool holds(const std::string& path, hid_t type, hid_t stored, const void* data,
             const std::vector<std::size_t>& shape) const;
  /// Members of a group.
  std::size_t count_members(const std::string& path) const;
  /// Writes a dataset, its parent groups made where they are missing. `type` is that in memory, `stored` that in the
  /// file.
  void write(const std::string& path, hid_t type, hid_t stored, const void* data,
             const std::vector<std::size_t>& shape) const;
  void write(const std::string& path, const std::vector<std::int64_t>& values) const;
  void write(const std::string& path, const std::vector<double>& values) const;
  void write(const std::string& path, const std::vector<std::string>& values) const;
  void make_group(const std::string& path) const;

  /// Attributes of a group or dataset; "/" is the file's own.
  void attribute(const std::string& path, const std::string& name, std::int64_t value) const;
  void attribute(const std::string& path, const std::string& name, const std::string& value) const;
  void attribute(const std::string& path, const std::string& name, const std::vector<std::string>& values) const;

  /// Leaves nothing to write for when the file is closed and nobody hears of an error.
  void flush() const;

 private:
  Handle own(hid_t id, const std::string& action) const;
  void check(std::int64_t status, const std::string& action) const;
  void write_attribute(const std::string& path, const std::string& name, hid_t type, hid_t space,
                       const void* data) const;

  const files::OutputFile& output_;
  Handle file_, parents_, undated_, text_;
};

}  // namespace snnl::hdf5
