#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "snnl/error.hpp"

namespace snnl::hdf5 {

/// What somebody hears of reading while it goes on: a process that reads in another's stead, so that it can be told
/// what was at fault when it dies. All are called on the reading thread but for `on_progress`; empty ones are not.
struct Watch {
  /// HDF5 is about to be asked for this file, until the next call.
  std::function<void(const std::string& file)> on_file;
  /// HDF5 is about to be asked for an object of that file, or for an attribute of it.
  std::function<void(const std::string& path, const std::string& attribute)> on_object;
  /// Something was done: a name listed, a chunk read or decompressed. Called on any thread.
  std::function<void()> on_progress;
  /// So many bytes of memory are needed, and what the file holds justifies it. 0: no longer.
  std::function<void(std::size_t bytes)> on_need;
  /// Whether work begins, or ends, that is not HDF5's: it takes as long as it takes.
  std::function<void(bool begins)> on_own_work;
  /// Why this is to be left alone, as an error without a place; nothing: it is not.
  std::function<std::optional<Error>(const std::string& file, const std::string& path, const std::string& attribute)>
      why_not;
};

/// While it lives, this thread's reading is watched. `watch` outlives it.
class WatchScope {
 public:
  explicit WatchScope(const Watch& watch);
  ~WatchScope();
  WatchScope(const WatchScope&) = delete;
  WatchScope& operator=(const WatchScope&) = delete;

 private:
  const Watch* before_;
};

/// That of this thread, or null. For what hands work to other threads.
const Watch* current_watch();

// What reading says. All do nothing where nobody watches.

/// Throws snnl::Error where the file is to be left alone.
void entering_file(const std::string& file);
/// Returns why the object is to be left alone, as an error without a place; nothing: it is not.
std::optional<Error> entering(const std::string& path, const std::string& attribute = "");
void progressed(const Watch* watch = current_watch());
void need_memory(std::size_t bytes);

/// Work of ours, while it lives.
class OwnWork {
 public:
  OwnWork();
  ~OwnWork();
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;
};

}  // namespace snnl::hdf5
