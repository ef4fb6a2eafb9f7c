#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace snnl::files {
class OutputFile;
}

namespace snnl::dump {

/// What a dump says of itself and of its samples.
struct DumpDescription {
  std::vector<std::int64_t> labels;      ///< [n], not empty
  std::vector<std::string> class_names;  ///< of labels 0 .. C-1; may be empty
  std::vector<std::int64_t> sample_ids;  ///< [n], or empty
  std::vector<std::string> layer_names;  ///< forward order; may be empty
  std::string model;                     ///< for people; may be empty
  std::string dataset;                   ///< for people; may be empty
  std::string run;                       ///< tells the run that made it from others; may be empty
};

/// Activations of one layer at one epoch: [n, ...], row-major.
struct RecordedLayer {
  std::string name;                ///< may hold slashes
  std::vector<std::size_t> shape;  ///< the first is the number of samples
  const float* values = nullptr;   ///< as many as the shape says
};

/// How activations are stored.
enum class StoredType {
  half,    ///< float16
  single,  ///< float32
};

/// What becomes of a file that exists.
enum class Existing {
  continued,  ///< it must be a dump of the same samples and run; epochs are added to it
  restarted,  ///< it must be as well, but its epochs are not kept
  replaced,   ///< it may be anything
};

/// Writes activation dumps of version 1 (docs/dump-format.md), an epoch at a time.
///
/// Each epoch is written to a copy of the file, which then takes its name: a program that is killed at any point leaves
/// the epochs before it readable, and so does a full disk. Where a file is to be restarted or replaced, it stays until
/// `publish`.
class DumpWriter {
 public:
  /// Throws snnl::Error where the description does not fit together, or `path` exists and is not what it must be: a
  /// dump of version 1 with the same labels and `run`.
  DumpWriter(std::string path, DumpDescription description, StoredType type, Existing existing = Existing::continued);
  ~DumpWriter();
  DumpWriter(DumpWriter&&) noexcept;             ///< moves
  DumpWriter& operator=(DumpWriter&&) noexcept;  ///< moves

  /// Writes an epoch >= 0, and `predictions` [n] to /predictions/<0000> unless empty. With `replace` an epoch that
  /// exists is replaced. Throws snnl::Error where it exists otherwise, there are no layers, a layer has another number
  /// of rows or a name that would mean something else in a dump, a value is beyond the stored type, or the file cannot
  /// be written.
  void write_epoch(std::int64_t epoch, const std::vector<RecordedLayer>& layers,
                   const std::vector<std::int64_t>& predictions = {}, bool replace = false) const;

  /// Puts the epochs written so far in the place of what was to be restarted or replaced; those to come follow one by
  /// one. Does nothing where nothing is held back.
  void publish();

 private:
  /// Whether `out` is to be kept: it did not hold the very epoch already.
  bool fill(const files::OutputFile& out, std::int64_t epoch, const std::vector<RecordedLayer>& layers,
            const std::vector<std::int64_t>& predictions, bool replace) const;
  void check_same_run() const;
  void check_layer(const RecordedLayer& layer) const;

  std::string path_;
  DumpDescription description_;
  StoredType type_;
  std::unique_ptr<files::OutputFile> held_back_;  // null: each epoch is published as it is written
};

}  // namespace snnl::dump
