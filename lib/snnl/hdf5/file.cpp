#include "snnl/hdf5/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "snnl/error.hpp"
#include "snnl/hdf5/watch.hpp"

namespace snnl::hdf5 {
namespace {

[[noreturn]] void fail_truncated(const std::string& name) {
  throw Error(name, "is truncated: it is shorter than its header says",
              "copy it again, or write it again if its writer was stopped");
}

// The signature stands at 0 or, after a user block, at 512, 1024, 2048, ...
bool has_signature(std::ifstream& file, std::uintmax_t size) {
  constexpr std::array<char, 8> signature = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  for (std::uintmax_t offset = 0; offset + signature.size() <= size; offset = offset == 0 ? 512 : 2 * offset) {
    std::array<char, 8> found{};
    file.seekg(static_cast<std::streamoff>(offset));
    if (!file.read(found.data(), found.size())) return false;
    if (found == signature) return true;
  }
  return false;
}

// Everything that the operating system can say; also keeps HDF5 from waiting on a pipe.
void check_regular(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (status.type() == fs::file_type::not_found) throw Error(name, "there is no such file", "check the path");
  if (status.type() == fs::file_type::none) {
    throw Error(name, fmt::format("cannot be reached ({})", error.message()), "check the path and its permissions");
  }
  if (status.type() == fs::file_type::directory) {
    throw Error(
        name, "is a directory",
        fmt::format("give the HDF5 files in it, for instance {}{}", name, name.ends_with('/') ? "*.h5" : "/*.h5"));
  }
  if (status.type() != fs::file_type::regular) {
    throw Error(name, "is not a regular file", "an HDF5 file cannot be read from a pipe or device");
  }
  errno = 0;
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    const int code = errno;
    if (code == EACCES || code == EPERM) throw Error(name, "no permission to read it", "change its permissions");
    throw Error(name, fmt::format("cannot be opened ({})", std::strerror(code)), "check the path");
  }
  const std::uintmax_t size = fs::file_size(name, error);
  if (error)
    throw Error(name, fmt::format("cannot be reached ({})", error.message()), "check the path and its permissions");
  if (size == 0) throw Error(name, "is empty (0 bytes)", "its writer has not written it yet, or was stopped");
  if (!has_signature(file, size)) {
    throw Error(name, "is not an HDF5 file", "give a file written by h5py or another HDF5 writer");
  }
  constexpr std::uintmax_t smallest_header = 48;
  if (size < smallest_header) fail_truncated(name);
}

}  // namespace

Handle open_file(const std::string& name, bool lock) {
  check_regular(name);
  entering_file(name);
  const Handle access = own(H5Pcreate(H5P_FILE_ACCESS), name, "be opened");
  if (!lock) H5Pset_file_locking(access.get(), false, true);
  Handle file(H5Fopen(name.c_str(), H5F_ACC_RDONLY, access.get()));
  if (file) return file;

  const std::string stack = last_error_stack();
  const auto says = [&](std::string_view text) { return stack.find(text) != std::string::npos; };
  if (says("truncated file")) fail_truncated(name);
  if (says("already open for write")) {
    throw Error(name, "is still open by a writer, or its writer was stopped before closing it",
                fmt::format("close the writer, or, if none runs, clear the mark with 'h5clear -s {}'", name));
  }
  if (says("unable to lock file")) {
    throw Error(name, "is locked, most likely by a program that writes it",
                "wait until that is done, or, if none does "
                "or the file system has no locks, set HDF5_USE_FILE_LOCKING=FALSE in the environment");
  }
  fail(name, "be opened");
}

}  // namespace snnl::hdf5
