#include "snnl/files/output_target.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "snnl/error.hpp"

namespace snnl::files {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // what Linux follows

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// The number of a link in the folder of this process's descriptors; -1 where it is none. Such a link is followed by
/// the system, not by its text: "pipe:[1234]", or the name of a file that may be another one by now.
int own_descriptor(const fs::path& link) {
  std::error_code failure;
  const fs::path own = fs::canonical("/proc/self/fd", failure);
  if (failure || fs::canonical(folder_of(link), failure) != own || failure) return -1;
  const std::string name = link.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? number : -1;
}

}  // namespace

OutputTarget find_target(const std::string& path) {
  OutputTarget target;
  fs::path at(path);
  for (int k = 0; k <= most_links; ++k) {
    struct stat info {};
    if (::lstat(at.c_str(), &info) != 0) {
      if (errno == ELOOP) break;
      if (errno != ENOENT && errno != ENOTDIR) {
        throw Error(path, std::string("cannot be written (").append(std::strerror(errno)).append(")"),
                    "choose another place");
      }
      target.file = at.string();
      return target;
    }
    if (S_ISLNK(info.st_mode)) target.descriptor = own_descriptor(at);
    if (target.descriptor >= 0 && ::fstat(target.descriptor, &info) != 0) {
      throw Error(path, std::string("cannot be written (").append(std::strerror(errno)).append(")"));
    }
    if (target.descriptor >= 0 || !S_ISLNK(info.st_mode)) {
      target.file = at.string();
      target.status = info;
      return target;
    }
    std::error_code failure;
    const fs::path next = fs::read_symlink(at, failure);
    if (failure) throw Error(path, fmt::format("is a link that cannot be followed ({})", failure.message()));
    at = next.is_absolute() ? next : folder_of(at) / next;
  }
  throw Error(path, "is a link that leads in a circle", "name a file");
}

bool is_open_as(const std::string& path, int number) {
  struct stat open {};
  if (::fstat(number, &open) != 0 || !S_ISREG(open.st_mode)) return false;
  try {
    const OutputTarget target = find_target(path);
    return target.status && target.status->st_dev == open.st_dev && target.status->st_ino == open.st_ino;
  } catch (const std::exception&) {
    return false;
  }
}

bool same_file(const std::string& a, const std::string& b) {
  if (a == b) return true;
  try {
    const OutputTarget at_a = find_target(a), at_b = find_target(b);
    if (at_a.status && at_b.status) {
      return at_a.status->st_dev == at_b.status->st_dev && at_a.status->st_ino == at_b.status->st_ino;
    }
    if (at_a.status || at_b.status) return false;
    std::error_code failure;
    const auto full_a = fs::weakly_canonical(fs::absolute(at_a.file), failure);
    if (failure) return false;
    const auto full_b = fs::weakly_canonical(fs::absolute(at_b.file), failure);
    return !failure && full_a == full_b;
  } catch (const std::exception&) {  // whatever is wrong with it is told when it is opened
    return false;
  }
}

}  // namespace snnl::files
