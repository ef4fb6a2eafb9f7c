#include "snnl/files/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "snnl/error.hpp"

namespace snnl::files {
namespace {

namespace fs = std::filesystem;

constexpr const char* elsewhere = "choose another place";

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

/// 64 random bits in hexadecimal; empty where the system gives none.
std::string random_text() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) return "";
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(bits));
  return text;
}

/// As much of a name as leaves room, in the 255 bytes of a file's name, for what is put around it.
std::string shortened(const std::string& name) {
  constexpr std::size_t most = 200;
  if (name.size() <= most) return name;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;  // not within a character
  return name.substr(0, end);
}

/// Not all file systems can; then there is nothing to wait for.
bool has_no_sync(int error) { return error == EINVAL || error == ENOSYS || error == EROFS || error == ENOTSUP; }

/// So that the name outlasts a power cut as well, where the system lets us.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

OutputFile::Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void OutputFile::fail(const char* what, int error, const char* advice) const {
  throw Error(path_, std::string(what).append(" (").append(std::strerror(error)).append(")"), advice);
}

OutputFile::OutputFile(const std::string& path) : path_(path), target_(find_target(path)) {
  const fs::path target(target_.file), folder = folder_of(target);
  if (target_.status && S_ISDIR(target_.status->st_mode)) throw Error(path, "is a directory", "name a file");
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    throw Error(path, fmt::format("the folder {} does not exist", folder.string()), "create it first");
  }
  if (target_.is_replaceable()) {
    if (target_.is_regular() && ::access(target_.file.c_str(), W_OK) != 0) {
      fail("may not be replaced", errno, elsewhere);
    }
    create_temporary();
  } else {
    open_directly();
  }
  buffer_.emplace(descriptor_.get(), path_);
  stream_.rdbuf(&*buffer_);
  stream_.exceptions(std::ios::badbit);
}

void OutputFile::open_directly() {
  if (target_.descriptor >= 0) {
    // Duplicated: opened anew, a file would be written from its beginning.
    descriptor_.set(::fcntl(target_.descriptor, F_DUPFD_CLOEXEC, 3));
    const int mode = descriptor_.get() < 0 ? -1 : ::fcntl(descriptor_.get(), F_GETFL) & O_ACCMODE;
    if (mode != O_WRONLY && mode != O_RDWR) fail("cannot be written", EBADF, elsewhere);
    return;
  }
  descriptor_.set(::open(target_.file.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  struct stat now {};
  if (descriptor_.get() < 0 || ::fstat(descriptor_.get(), &now) != 0) fail("cannot be written", errno, elsewhere);
  if (S_ISREG(now.st_mode)) throw Error(path_, "was replaced by a file while it was opened");
}

void OutputFile::create_temporary() {
  const fs::path target(target_.file), folder = folder_of(target);
  // What replaces a file is nobody else's to read until it has the mode of that.
  const mode_t mode = target_.is_regular() ? 0600 : 0666;
  constexpr int attempts = 100;
  for (int k = 0; k < attempts; ++k) {
    const std::string random = random_text();
    if (random.empty()) fail("cannot be written", errno);
    std::string name(".");
    name.append(shortened(target.filename().string())).append(".").append(random).append(".tmp");
    // Known before it is made: a signal may come at any time.
    temporary_.emplace(target.has_parent_path() ? (folder / name).string() : name);
    descriptor_.set(::open(temporary_->path().c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (descriptor_.get() >= 0) return;
    const int error = errno;
    temporary_->release();  // what is there is not ours
    if (error != EEXIST) fail("cannot be written", error, elsewhere);
  }
  fail("cannot be written", EEXIST, elsewhere);
}

std::string OutputFile::name_to_open() const {
  if (!temporary_) return target_.file;
  const std::string name = "/proc/self/fd/" + std::to_string(descriptor_.get());
  return ::access(name.c_str(), F_OK) == 0 ? name : temporary_->path();
}

void OutputFile::keep_mode_and_owner() const {
  struct stat old {
  }, now{};
  if (!target_.is_regular()) return;
  if (::lstat(target_.file.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) old = *target_.status;
  if (::fstat(descriptor_.get(), &now) != 0) return;
  mode_t mode = old.st_mode & 07777;
  if (old.st_uid != now.st_uid && ::fchown(descriptor_.get(), old.st_uid, static_cast<gid_t>(-1)) != 0) {
    mode &= ~static_cast<mode_t>(S_ISUID);
  }
  if (old.st_gid != now.st_gid && ::fchown(descriptor_.get(), static_cast<uid_t>(-1), old.st_gid) != 0) {
    // Another group must not get what the old one had.
    mode = (mode & ~static_cast<mode_t>(S_ISGID | S_IRWXG)) | ((mode & S_IRWXO) << 3 & mode);
  }
  ::fchmod(descriptor_.get(), mode);  // some file systems have no modes
}

bool OutputFile::is_ours() const {
  struct stat named {
  }, open{};
  return ::lstat(temporary_->path().c_str(), &named) == 0 && ::fstat(descriptor_.get(), &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

void OutputFile::commit() {
  stream_.flush();
  if (!temporary_) return;
  keep_mode_and_owner();
  if (::fsync(descriptor_.get()) != 0 && !has_no_sync(errno)) fail("could not be written whole", errno);
  if (!is_ours()) throw Error(path_, "could not be written: another program replaced " + temporary_->path());
  if (::rename(temporary_->path().c_str(), target_.file.c_str()) != 0) fail("could not be written", errno);
  temporary_->release();
  sync_folder(folder_of(target_.file));
}

}  // namespace snnl::files
