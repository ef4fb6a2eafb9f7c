#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace analyze {

/// What tells one state of a file from another one.
struct FileState {
  std::uint64_t device = 0, inode = 0, bytes = 0;
  std::int64_t changed_ns = 0;  ///< time of its last change
  bool exists = false;

  bool operator==(const FileState&) const = default;
  /// Whether it is the same file, grown or as it was.
  bool grew_from(const FileState& before) const {
    return exists && before.exists && device == before.device && inode == before.inode && bytes >= before.bytes;
  }
};

/// Files in a folder that are named as HDF5 files are, in natural order; none where it is no folder.
std::vector<std::string> dumps_in(const std::string& folder);

FileState state_of(const std::string& file);

/// Whether a writer holds the file's lock, as HDF5 takes it. False where that cannot be told.
bool is_locked(const std::string& file);

/// Files, and the HDF5 files of folders, whose states are looked at again and again.
class WatchedFiles {
 public:
  explicit WatchedFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  /// Looks at all of them. Returns whether a state is another one than the last time.
  bool look();

  /// Those that exist, in the order given, those of a folder by name with numbers as numbers.
  const std::vector<std::string>& files() const { return files_; }
  const FileState& state(const std::string& file) const { return states_.at(file); }
  /// Whether it was as it is when it was looked at before: nobody is just writing it, or the writer pauses.
  bool is_settled(const std::string& file) const;

 private:
  std::vector<std::string> paths_, files_;
  std::map<std::string, FileState> states_, before_;
};

}  // namespace analyze
