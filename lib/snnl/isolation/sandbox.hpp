#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snnl/isolation/descriptor.hpp"

namespace snnl::isolation {

// What the system does not have, or refuses, is left out, and told by the value returned.

/// Leaves no core dump, can gain no privileges, and other processes cannot look into it.
void give_up_privileges();

/// Lets this process open only `files`, to read, and what libraries and HDF5's plugins are loaded from; nothing can be
/// written, made or removed (Landlock).
bool allow_files(const std::vector<std::string>& files);

/// Lets this process, and its threads to come, do only what reading takes: no other program, no process, no connection,
/// no file opened to be written, no signal to another process (seccomp).
class SystemCallFilter {
 public:
  SystemCallFilter();  ///< prepares it
  ~SystemCallFilter();
  SystemCallFilter(const SystemCallFilter&) = delete;
  SystemCallFilter& operator=(const SystemCallFilter&) = delete;
  /// For good. False where the system has no such filters.
  bool apply();

 private:
  void* filter_ = nullptr;
};

/// Bounds the memory of this process, that shared with others aside. To be made while files can be opened.
class MemoryLimit {
 public:
  MemoryLimit();
  /// What the process had when it was last told another number, and `bytes` more; malloc fails beyond it.
  void allow(std::size_t bytes);

 private:
  Descriptor statistics_;
  std::size_t bytes_ = 0;
};

}  // namespace snnl::isolation
