#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace snnl::dump {

/// What a dump says of itself and of its samples.
struct DumpDescription {
  std::vector<std::int64_t> labels;      ///< [n], not empty
  std::vector<std::string> class_names;  ///< of labels 0 .. C-1; may be empty
  std::vector<std::int64_t> sample_ids;  ///< [n], or empty
  std::vector<std::string> layer_names;  ///< forward order; may be empty
  std::string model, dataset;            ///< for people; may be empty
};

/// Activations of one layer at one epoch: [n, ...], row-major.
struct RecordedLayer {
  std::string name;
  std::vector<std::size_t> shape;
  const float* values = nullptr;
};

/// How activations are stored.
enum class StoredType { half, single };

/// Writes activation dumps of version 1 (docs/dump-format.md), an epoch at a time.
///
/// Each epoch is written to a copy of the file, which then takes its name: a program that is killed at any point leaves
/// the epochs before it readable, and so does a full disk. A dump that exists is continued.
class DumpWriter {
 public:
  /// Throws snnl::Error where the description does not fit together, or `path` exists and is no dump of version 1 with
  /// the same labels.
  DumpWriter(std::string path, DumpDescription description, StoredType type);

  /// Writes an epoch >= 0, and `predictions` [n] to /predictions/<0000> unless empty. With `replace` an epoch that
  /// exists is replaced. Throws snnl::Error where it exists otherwise, there are no layers, a layer has another number
  /// of rows or a name that would mean something else in a dump, a value is beyond the stored type, or the file cannot
  /// be written.
  void write_epoch(std::int64_t epoch, const std::vector<RecordedLayer>& layers,
                   const std::vector<std::int64_t>& predictions = {}, bool replace = false) const;

 private:
  void check_same_samples() const;
  void check_layer(const RecordedLayer& layer) const;

  std::string path_;
  DumpDescription description_;
  StoredType type_;
};

}  // namespace snnl::dump
