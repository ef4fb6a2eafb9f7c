#include "snnl/outliers/compared_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "snnl/error.hpp"

namespace snnl::outliers {
namespace {

/// Indices into the training classes, by name.
std::vector<std::int32_t> labels_among(const SampleSet& set, const std::vector<dump::Class>& classes,
                                       const std::vector<std::size_t>& training_counts) {
  std::vector<std::int32_t> to_class;
  for (const dump::Class& one : set.classes()) {
    const auto same =
        std::find_if(classes.begin(), classes.end(), [&](const dump::Class& c) { return c.name == one.name; });
    to_class.push_back(same == classes.end() ? -1 : static_cast<std::int32_t>(same - classes.begin()));
  }
  std::vector<std::int32_t> out;
  for (const std::int32_t label : set.labels()) {
    const std::int32_t c = to_class[static_cast<std::size_t>(label)];
    if (c < 0 || training_counts[static_cast<std::size_t>(c)] == 0) {
      throw Error(set.file(), fmt::format("class '{}' is absent from the training samples",
                                          set.classes()[static_cast<std::size_t>(label)].name));
    }
    out.push_back(c);
  }
  return out;
}

std::vector<std::size_t> count_classes(const std::vector<std::int32_t>& labels, std::size_t classes) {
  std::vector<std::size_t> out(classes, 0);
  for (const std::int32_t label : labels) ++out[static_cast<std::size_t>(label)];
  return out;
}

/// All at the epoch of the training set.
ReadOptions at_epoch(ReadOptions read, std::int64_t epoch) {
  read.epoch = epoch;
  return read;
}

}  // namespace

ComparedSets::ComparedSets(const SamplePart& train_part, const SamplePart& calibration_part,
                           const SamplePart& test_part, const std::vector<NamedPart>& outlier_parts,
                           const OutlierOptions& options)
    : train("training", train_part, options.read),
      calibration("calibration", calibration_part, at_epoch(options.read, train.epoch())),
      test("test", test_part, at_epoch(options.read, train.epoch())) {
  outliers.reserve(outlier_parts.size());
  ReadOptions of_outliers = at_epoch(options.read, train.epoch());
  of_outliers.labels_required = false;
  for (const NamedPart& one : outlier_parts) outliers.emplace_back(one.name, one.part, of_outliers);
  const std::vector<dump::Class>& classes = train.classes();
  training_counts = count_classes(train.labels(), classes.size());
  calibration_labels = labels_among(calibration, classes, training_counts);
  test_labels = labels_among(test, classes, training_counts);
  calibration_counts = count_classes(calibration_labels, classes.size());
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (training_counts[c] > 0 && calibration_counts[c] == 0) {
      throw Error(calibration_part.text, fmt::format("has no sample of class '{}'", classes[c].name),
                  "every class of the training set needs calibration points");
    }
  }
  if (options.k > train.size()) {
    throw Error("-k", fmt::format("{} neighbours are asked for, but {} has {} samples", options.k, train_part.text,
                                  train.size()));
  }
  for (const SampleSet* set : judged()) {
    for (const std::string& layer : set->layers()) {
      if (train.has(layer)) continue;
      throw Error(set->file(), fmt::format("has a layer '{}' that {} has not", layer, train_part.text),
                  "choose those of both with --layers");
    }
  }
}

std::vector<const SampleSet*> ComparedSets::judged() const {
  std::vector<const SampleSet*> out{&calibration, &test};
  for (const SampleSet& set : outliers) out.push_back(&set);
  return out;
}

}  // namespace snnl::outliers
