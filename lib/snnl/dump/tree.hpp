#pragma once

#include <functional>
#include <string>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/hdf5/object.hpp"

namespace snnl::dump {

/// Takes an error where the caller wants to go on and hear of all of them. Empty: errors are thrown.
using OnError = std::function<void(const Error&)>;

/// Does `work`; an error goes to `on_error` where there is one.
template <typename Work>
void or_report(const OnError& on_error, const Work& work) {
  if (!on_error) return work();
  try {
    work();
  } catch (const Error& error) {
    on_error(error);
  }
}

/// One name in a file.
struct TreeEntry {
  std::string path;  ///< absolute
  hdf5::ObjectInfo object;
};

/// All names below `root` (a group), each group before what is in it, in natural order. Soft links within the file are
/// followed, external links are not; a group is not entered again from within itself. Names that lead nowhere are
/// listed, with ObjectKind::none. `enter` decides which groups are looked into; each is read once, however many paths
/// lead to it. Throws snnl::Error when a group cannot be listed or is more than 100 groups deep, when there are more
/// than a million paths, or more than 100,000 to what has other paths; `on_error` is told instead, and the rest is
/// still listed, or what was listed until then.
std::vector<TreeEntry> list_tree(const hdf5::Handle& file, const std::string& file_name, const std::string& root,
                                 const std::function<bool(const std::string& path)>& enter,
                                 const OnError& on_error = {});

}  // namespace snnl::dump
