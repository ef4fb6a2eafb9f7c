#include "snnl/files/output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "snnl/error.hpp"

namespace snnl {

OutputFile::OutputFile(const std::string& path) : path_(path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::path target(path);
  if (fs::is_symlink(target, failure)) {
    const fs::path end = fs::weakly_canonical(target, failure);
    if (!failure) target = end;
  }
  target_ = target.string();
  const fs::file_status status = fs::status(target, failure);
  if (fs::is_directory(status)) throw Error(path, "is a directory; name a file");
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  if (!fs::is_directory(folder, failure)) {
    throw Error(path, "the folder " + folder.string() + " does not exist; create it first");
  }
  if (fs::is_regular_file(status) && ::access(target_.c_str(), W_OK) != 0) {
    throw Error(path, std::string("may not be replaced (") + std::strerror(errno) + "); choose another place");
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    temporary_ = target_;
  } else {
    std::string name = ".";
    name.append(target.filename().string()).append(".").append(std::to_string(::getpid())).append(".tmp");
    temporary_ = (folder / name).string();
  }
  if (temporary_ != target_) remembered_.emplace(temporary_);
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) {
    throw Error(path, std::string("cannot be written (") + std::strerror(errno) + "); choose another place");
  }
}

OutputFile::~OutputFile() {
  if (committed_) return;
  stream_.close();
  if (temporary_ == target_) return;
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void OutputFile::commit() {
  stream_.close();
  if (!stream_) throw Error(path_, std::string("could not be written whole (") + std::strerror(errno) + ")");
  std::error_code failure;
  if (temporary_ != target_) std::filesystem::rename(temporary_, target_, failure);
  if (failure) throw Error(path_, "could not be written (" + failure.message() + ")");
  committed_ = true;
}

}  // namespace snnl
