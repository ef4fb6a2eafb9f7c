#pragma once

#include <map>
#include <string>

#include "snnl/dump/layout_pattern.hpp"
#include "snnl/hdf5/dataset.hpp"

namespace snnl::dump {

/// Says which dataset of a file labels the samples of a match of the layout. docs/dump-format.md has the rules.
class LabelSource {
 public:
  /// `option` is Options::labels. `file` and `pattern` outlive this object.
  LabelSource(const hdf5::Handle& file, const std::string& file_name, const LayoutPattern& pattern,
              const std::string& option);

  /// Path of the labels of `match`; whether they exist shows when they are read. Throws snnl::Error when the epoch has
  /// labels of its own but not the label set asked for.
  std::string path_for(const LayoutPattern::Match& match);

  /// Whether `path`, which matches the layout, is labels or sample ids by its name and shape, and so no layer.
  bool is_auxiliary(const std::string& path, const LayoutPattern::Match& match);

  /// Throws snnl::Error which says what there is instead of the labels at `path`.
  [[noreturn]] void fail_missing(const std::string& path) const;

 private:
  bool has_own_labels(const LayoutPattern::Match& match);
  bool is_label_shaped(const std::string& path) const;

  const hdf5::Handle& file_;
  std::string file_name_;
  std::string option_;
  std::map<std::string, bool> own_labels_;  // by epoch group
};

}  // namespace snnl::dump
