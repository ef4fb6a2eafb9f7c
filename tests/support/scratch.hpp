#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// A folder of a test's own, removed with all it holds at the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;
  bool has(const std::string& name) const;
  /// All names in it, hidden ones too, sorted and separated by spaces.
  std::string names() const;
  /// `text` without this folder's path and the slash after it, wherever it stands.
  std::string without_folder(std::string text) const;

 private:
  std::filesystem::path folder_;
};

/// The bytes of a file; fails the test when it cannot be read.
std::string read_text(const std::filesystem::path& path);

/// `text` cut at line ends, which are left out.
std::vector<std::string> lines_of(const std::string& text);
