#include "analyze/watched_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "snnl/text/natural_order.hpp"

namespace analyze {
namespace {

namespace fs = std::filesystem;

bool has_hdf5_name(const fs::path& path) {
  for (const char* extension : {".h5", ".hdf5", ".hdf", ".he5"}) {
    if (path.extension() == extension) return path.filename().string()[0] != '.';
  }
  return false;
}

}  // namespace

std::vector<std::string> dumps_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    if (has_hdf5_name(at->path())) out.push_back(at->path().string());
  }
  std::sort(out.begin(), out.end(), snnl::text::natural_less);
  return out;
}

FileState state_of(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  constexpr std::int64_t ns = 1'000'000'000;
  return {info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size),
          info.st_mtim.tv_sec * ns + info.st_mtim.tv_nsec, true};
}

bool is_locked(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return locked;
}

bool WatchedFiles::look() {
  files_.clear();
  for (const std::string& path : paths_) {
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
      if (std::find(files_.begin(), files_.end(), path) == files_.end()) files_.push_back(path);
      continue;
    }
    for (std::string& file : dumps_in(path)) {
      if (std::find(files_.begin(), files_.end(), file) == files_.end()) files_.push_back(std::move(file));
    }
  }
  before_ = std::move(states_);
  states_.clear();
  for (const std::string& file : files_) states_[file] = state_of(file);
  std::erase_if(files_, [&](const std::string& file) { return !states_[file].exists; });
  return states_ != before_;
}

bool WatchedFiles::is_settled(const std::string& file) const {
  const auto before = before_.find(file);
  return before != before_.end() && before->second == state(file);
}

}  // namespace analyze
