#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/matrix_view.hpp"
#include "snnl/outliers/sample_part.hpp"

namespace snnl::outliers {

/// Where the recorders write predictions.
inline constexpr const char* recorded_predictions = "/predictions/{epoch}";

/// What is read of the files, all of them alike; see dump::Options.
struct ReadOptions {
  std::string layout, labels;
  std::vector<std::string> layers;    ///< globs; empty: all
  std::optional<std::int64_t> epoch;  ///< empty: the last one that the training file has
  /// Path of recorded predictions, may hold {epoch}; "votes": the neighbours' vote; empty: those at
  /// recorded_predictions where all sets have them, else the votes.
  std::string predictions;
  std::string logits = "logits";            ///< layer of that name, where there is one
  std::vector<std::string> ignored_labels;  ///< of `labels`; their samples are none of the set
  dump::IntegerBits integer_bits = dump::IntegerBits::numbers;
  dump::Pooling pooling;  ///< of maps and tokens, in all files
  std::size_t threads = 0;
  /// How dumps are opened; empty: in this process.
  dump::OpenDump open;
  /// Whether sets without labels are refused.
  bool labels_required = true;
  /// Told what may be wrong with what is read; may be empty.
  std::function<void(const Error&)> on_remark;
};

/// Activations of a part of a dump at one epoch, layer by layer.
class SampleSet {
 public:
  /// Opens the file and reads the labels. `name` is for messages and results. Throws snnl::Error naming the file.
  SampleSet(std::string name, SamplePart part, const ReadOptions& options);

  const std::string& name() const { return name_; }
  const std::string& file() const { return part_.file; }
  std::int64_t epoch() const { return epoch_; }
  std::size_t size() const { return rows_.size(); }
  /// Samples of the part that are left out because of their label.
  std::size_t ignored() const { return ignored_; }
  /// [size()] rows of the file
  const std::vector<std::size_t>& rows() const { return rows_; }
  /// Those chosen by ReadOptions::layers, in the file's order.
  const std::vector<std::string>& layers() const { return layers_; }
  const std::vector<dump::Class>& classes() const { return reader_->classes(); }
  /// [size()] index into classes()
  const std::vector<std::int32_t>& labels() const { return labels_; }

  struct Layer {
    std::string location;  ///< "file:/path", for messages
    std::vector<float> values;
    std::vector<double> wide;  ///< in place of `values`, where float does not hold them, until they are narrowed
    std::size_t rows = 0, features = 0;
    MatrixView<const float> view() const { return {values.data(), rows, features}; }
    MatrixView<const double> wide_view() const { return {wide.data(), rows, features}; }
    /// Whether `wide` holds them.
    bool is_wide() const { return !wide.empty(); }
    /// Rounds them to float.
    void narrow() {
      for (const double value : wide) values.push_back(static_cast<float>(value));
      wide = {};
    }
  };
  /// Throws snnl::Error naming file and dataset where there is no such layer, or it cannot be read.
  Layer read(const std::string& layer) const;
  /// As dump::unused_pooling of the chosen layers.
  std::string unused_pooling() const;
  /// Whether the epoch has it, chosen or not.
  bool has(const std::string& layer) const;
  /// Whether there are predictions of its epoch at `path`, which may hold {epoch}.
  bool has_predictions(const std::string& path) const;

  /// [size()] recorded predictions as indices into `classes`, by the integer that is stored, or by name. Throws
  /// snnl::Error where they are missing, or one is none of the classes.
  std::vector<std::int32_t> read_predictions(const std::string& path, const std::vector<dump::Class>& classes) const;

 private:
  const dump::Item& item(const std::string& layer) const;
  /// Labels of the rows of the file, and their classes. A row whose label is ignored has -1.
  using Labels = std::pair<std::vector<std::int32_t>, std::vector<dump::Class>>;

  /// In the set that `reader` was opened for, or at `path`, where none is ignored.
  Labels read_label_set(const dump::Reader& reader) const;
  Labels read_label_set(const std::string& path) const;
  dump::Reader open(const std::string& labels, const std::vector<std::string>& ignored) const;
  dump::Reader open_set() const;
  void tell(const Error& remark) const;
  void choose_layers();
  void choose_rows();

  std::string name_;
  SamplePart part_;
  ReadOptions options_;
  std::unique_ptr<dump::Reader> reader_;
  std::int64_t epoch_ = 0;
  std::vector<std::string> layers_;
  std::vector<std::int32_t> labels_;
  std::vector<std::size_t> rows_;
  std::size_t ignored_ = 0;
};

}  // namespace snnl::outliers
