#pragma once

#include <string>
#include <vector>

#include "snnl/dump_writer.hpp"
#include "train/image_data.hpp"
#include "train/trainer.hpp"

namespace train {

struct RecorderOptions {
  std::string file;
  std::vector<std::string> layers;  ///< forward order
  bool pool = false;                ///< maps [n, channels, height, width] become their means [n, channels]
  snnl::dump::StoredType type = snnl::dump::StoredType::half;
  snnl::dump::Existing existing = snnl::dump::Existing::continued;
  std::string run;  ///< what tells this run from others
};

/// Writes the activations of fixed samples to a dump, at the epochs it is called for.
class Recorder {
 public:
  /// Throws snnl::Error where the file exists and is no dump of this run and these samples, unless it may be replaced.
  Recorder(const RecorderOptions& options, LabelledImages samples, const std::vector<std::string>& class_names,
           const std::string& model);
  /// Replaces the epoch where it exists: a run that is resumed may have written it already.
  void record(Trainer& trainer, std::int64_t epoch) const;
  /// What was there before a new run began is kept until this is called.
  void publish() { writer_.publish(); }

 private:
  RecorderOptions options_;
  LabelledImages samples_;
  snnl::dump::DumpWriter writer_;
};

/// `count` images drawn at random, whatever the run's seed, in the order of their file; all of them if there are fewer.
LabelledImages draw_samples(const LabelledImages& images, std::size_t count);

}  // namespace train
