#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "snnl/files/descriptor_buffer.hpp"
#include "snnl/files/output_target.hpp"
#include "snnl/files/temporary_files.hpp"

namespace snnl::files {

/// A file that appears whole or not at all: the one writer of all files of the tools.
///
/// It is written in the folder of its target under a temporary name that nobody can foresee, made by this process alone
/// and through no link; `commit` has the disk keep it and then gives it its name; otherwise it is removed, also when a
/// signal ends the process (remove_temporary_files). What was there stays until then, and leaves its mode and, as far
/// as permitted, its owner to the new one. Links are followed, also one that leads to nothing yet. A device or pipe is
/// written directly.
class OutputFile {
 public:
  /// Creates the temporary file. Throws snnl::Error when it cannot be written there.
  explicit OutputFile(const std::string& path);
  ~OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& path() const { return path_; }
  /// Throws snnl::Error as soon as something cannot be written.
  std::ostream& stream() { return stream_; }

  /// The open file, to be read and written, for writers that have their own ways.
  int descriptor() const { return descriptor_.get(); }
  /// A name under which this very file can be opened once more, whatever happens to its folder meanwhile.
  std::string name_to_open() const;
  /// What was at the target when this was created; none where there was no file.
  bool replaces_file() const { return target_.is_regular(); }

  /// Gives the file its name. Throws snnl::Error when something could not be written (a full disk).
  void commit();

 private:
  class Descriptor {
   public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }
    void set(int number) { number_ = number; }

   private:
    int number_;
  };

  void open_directly();
  void create_temporary();
  void keep_mode_and_owner() const;
  /// Whether the temporary name still is that of the open file.
  bool is_ours() const;
  [[noreturn]] void fail(const char* what, int error, const char* advice = "") const;

  std::string path_;
  OutputTarget target_;
  std::optional<TemporaryFile> temporary_;  // none where the target is written directly
  Descriptor descriptor_;
  std::optional<DescriptorBuffer> buffer_;
  std::ostream stream_{nullptr};
};

}  // namespace snnl::files
