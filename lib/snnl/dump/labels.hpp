#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/hdf5/dataset.hpp"

namespace snnl::dump {

/// A label set as stored.
struct LabelSet {
  std::string where;  ///< "file:/labels", for messages
  /// The distinct labels, ascending: integers, or strings.
  std::variant<std::vector<std::int64_t>, std::vector<std::string>> distinct;
  /// [n] index into `distinct`; after ClassTable::encode into the class list, -1 where the label is ignored
  std::vector<std::int32_t> codes;
  std::vector<bool> ignored;         ///< [distinct] whether samples with it are left out; empty: none
  std::vector<std::string> names;    ///< `class_names`; empty where the set has none
  bool one_hot = false;              ///< whether it is stored one-hot; a label is the column of the 1
  std::vector<std::uint64_t> ids{};  ///< [n] a digest of each sample's id; empty where there are none

  bool is_ignored(std::size_t label) const { return !ignored.empty() && ignored[label]; }
};

/// Whether `dataset` has the shape of labels: [n] or [n, 1].
bool has_label_shape(const hdf5::Dataset& dataset);

/// Whether `dataset` can be labels: shape [n] or [n, 1], and integers, floats or strings.
bool may_be_labels(const hdf5::Dataset& dataset);

/// Reads the label set at `path`, which may be one-hot (one_hot.hpp), and marks the labels that `ignored` names
/// (ignored_labels.hpp); those that do are added to `met`, where that is not null. Throws snnl::Error when there is
/// none, or it is not one label per sample.
LabelSet read_labels(const hdf5::Handle& file, const std::string& file_name, const std::string& path,
                     const std::vector<std::string>& ignored = {}, std::set<std::string>* met = nullptr);

/// Where the ids of the samples lie that the labels at `label_path` are of: "/sample_ids", or beside other labels.
std::string sample_ids_path(const std::string& label_path);

/// [samples] A digest of each id: an integer, or a string, of which 5 and "5" are the same. Throws snnl::Error where
/// they are not one for each sample.
std::vector<std::uint64_t> read_sample_ids(const hdf5::Handle& file, const std::string& file_name,
                                           const std::string& path, std::size_t samples);

/// One class for all of `samples`, of a file that has no labels.
LabelSet unlabelled(std::size_t samples, const std::string& where);

/// How many samples are left out because of their label; of an encoded set.
std::size_t count_ignored(const LabelSet& set);

/// The classes of several label sets: the union of their labels, by integer value or by string, but for ignored ones.
class ClassTable {
 public:
  /// Throws snnl::Error when the set does not go with those added before: strings and integers mixed, or another name
  /// for the same integer.
  void add(const LabelSet& set);

  /// Names in class order; counts are 0.
  std::vector<Class> classes() const;

  /// Replaces the set's codes by indices into `classes()`; all sets have been added before.
  void encode(LabelSet& set) const;

 private:
  struct Named {
    std::string name;
    bool explicit_name = false;
    std::string where;
  };
  std::map<std::int64_t, Named> integers_;
  std::map<std::string, std::string> strings_;  // to where it was seen first
};

}  // namespace snnl::dump
