#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/layout_pattern.hpp"
#include "snnl/dump/tree.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl::dump {

/// One (epoch, layer) found in a file, of which nothing has been read yet.
struct Found {
  std::size_t file = 0;  ///< index in the list of files
  Slice slice;
  std::string layer;
  std::string epoch_text;             ///< text in the place of {epoch}
  std::optional<std::int64_t> epoch;  ///< known once the epochs are numbered
  std::string label_path;             ///< empty where it could not be told
};

/// What one file offers.
struct FileContents {
  std::vector<Found> found;
  std::vector<std::string> layer_names;    ///< root attribute; empty where there is none
  std::optional<std::int64_t> epoch;       ///< root attribute `epoch`, else the last integer in the file's name
  std::vector<std::string> dataset_paths;  ///< some of what there is, where nothing was found
  std::vector<std::string> one_hot;        ///< what matches, but is one-hot labels, of which none is in use
};

/// The layout asked for, or that of version 1.
LayoutPattern layout_of(const Options& options);

/// Finds what matches `pattern` in an open file; `only_file` says that no other is read with it. Throws snnl::Error
/// when the file's version is unknown or something that may hold matches cannot be reached; `on_error` is told
/// instead, and the rest is still found.
FileContents scan_file(const hdf5::Handle& file, const std::string& file_name, std::size_t file_index,
                       const LayoutPattern& pattern, const Options& options, bool only_file,
                       const OnError& on_error = {});

/// Throws snnl::Error that nothing in the file, of which `contents` were found, matches the layout.
[[noreturn]] void fail_no_match(const std::string& file_name, const FileContents& contents,
                                const LayoutPattern& pattern, const Options& options);

/// Gives every item of all files its epoch. Throws snnl::Error when only some of them have a number.
void number_epochs(std::vector<FileContents>& files, const std::vector<std::string>& file_names,
                   const LayoutPattern& pattern);

/// By epoch (those without one first), then as in the first `layer_names` there are, then by natural order of layers.
void sort_items(std::vector<Found>& items, const std::vector<FileContents>& files);

/// Throws snnl::Error that two items are the same epoch and layer.
[[noreturn]] void fail_duplicate(const Found& one, const Found& other, const std::vector<std::string>& file_names);

/// The items that `options` selects from numbered contents, by epoch, then in layer order. Throws snnl::Error when
/// nothing is left, a layer pattern matches nothing, or two items are the same epoch and layer.
std::vector<Found> select_items(const std::vector<FileContents>& files, const std::vector<std::string>& file_names,
                                const Options& options);

/// The last run of digits in `text` as a number, if there is one. Throws snnl::Error (with `where`) if it is too large.
std::optional<std::int64_t> last_integer(const std::string& text, const std::string& where);

}  // namespace snnl::dump
