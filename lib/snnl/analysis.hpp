#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dominance.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/entanglement.hpp"
#include "snnl/features.hpp"
#include "snnl/pooling.hpp"

namespace snnl {

/// A class of the label set.
struct ClassCount {
  std::string name;       ///< as dump::Class has it
  std::size_t count = 0;  ///< samples of it in the first epoch's label set
};

/// What was done to the features of an item before distances were taken.
struct ChangedFeatures {
  std::size_t features = 0;  ///< of a sample before
  std::size_t constant = 0;  ///< of these, without spread: FeatureTransform::constant
  std::size_t dropped = 0;   ///< components left out by whitening: FeatureTransform::dropped
};

/// Which samples an item is of, by their ids (/sample_ids): 128 bits in hexadecimal each.
struct SampleIds {
  std::string set;    ///< of the ids, whatever their order
  std::string order;  ///< of the ids in the order of the samples
};

/// One (epoch, layer). `result` is empty where the item could not be analysed; `message` then says why.
/// Arrays over classes in `result` follow Analysis::classes: classes that do not occur in this item hold NaN.
struct AnalysedItem {
  std::int64_t epoch = 0;              ///< as the dump numbers it
  std::string layer;                   ///< its name
  std::string message;                 ///< why there is no result, in one line; else empty
  std::size_t dropped = 0;             ///< rows left out because they held NaN or Inf
  std::optional<Entanglement> result;  ///< its numbers
  std::string digest{};  ///< of the data that `result` was computed from (analysis/digest.hpp); empty where unknown
  /// [n] of each sample, as Entanglement::sample_loss; empty where they are too many to keep or were not kept. By them
  /// two analyses of the same samples are compared by pairs.
  std::vector<float> sample_losses{};
  std::string sample_digest{};  ///< tells one set of samples from another: classes and rows, in order
  /// Of the item as read_analysis found it (item_checksum); empty where it had none, or was not read.
  std::string checksum{};
  std::size_t ignored = 0;  ///< rows left out because of their label
  /// Of the samples that were analysed, by their row of the dataset; empty where it was not looked at.
  std::optional<Dominance> dominance{};
  std::optional<ChangedFeatures> changed{};  ///< where AnalysisOptions::features did something
  std::optional<SampleIds> sample_ids{};     ///< empty where the dump holds no ids
};

/// What was asked for, as far as it changes the numbers.
struct AnalysisOptions {
  EntanglementOptions entanglement;                             ///< of every item
  std::string layout;                                           ///< dump::Options::layout
  std::string labels;                                           ///< dump::Options::labels
  std::string epochs;                                           ///< dump::Options::epochs
  std::vector<std::string> ignored_labels;                      ///< dump::Options::ignored_labels
  std::vector<std::string> layers;                              ///< dump::Options::layers
  dump::Nonfinite nonfinite = dump::Nonfinite::error;           ///< dump::Options::nonfinite
  dump::IntegerBits integer_bits = dump::IntegerBits::numbers;  ///< dump::Options::integer_bits
  dump::Pooling pooling{};                                      ///< dump::Options::pooling
  FeatureOptions features{};                                    ///< fitted to the samples of each item
};

/// A whole run: what the JSON file holds. Items by epoch, then layer order.
struct Analysis {
  std::string version;              ///< of the program that made it; set by read_analysis
  std::vector<std::string> inputs;  ///< the files, as they were given
  std::string label_path;           ///< of the label set that was used
  std::vector<ClassCount> classes;  ///< in the order of the arrays over classes
  AnalysisOptions options;          ///< what was asked for
  std::vector<AnalysedItem> items;  ///< by epoch, then layer
};

/// Reads an analysis that to_json wrote ("snnl.analysis/1"); to_json gives the same bytes again, but for the version.
/// Fields that a later version added are passed over. Checksums are read, and not looked at.
/// Throws snnl::Error "FILE:/items/3/entanglement: is text, expected a number" where the file cannot be read, is not
/// JSON, has another schema, or where a field is missing, of the wrong type or size, or not possible: a negative count,
/// one (epoch, layer) twice, numbers in an item in error.
Analysis read_analysis(const std::string& file);

/// Writes the analysis as "snnl.analysis/1" (docs/output.md, docs/schema): strict JSON, null where there is no number,
/// two spaces of indentation, a line feed at the end. Depends on the analysis alone, to the last byte. Takes little
/// memory beside the analysis.
void write_json(std::ostream& out, const Analysis& analysis);

/// The same as text.
std::string to_json(const Analysis& analysis);

}  // namespace snnl
