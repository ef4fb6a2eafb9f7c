#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"

namespace snnl::analysis {

/// Losses of more samples than this are not kept: they would make up most of the file. 20,000 are 107 KB of JSON an
/// item.
inline constexpr std::size_t most_kept_losses = 20'000;

/// Losses [n] as JSON holds them: float32, little-endian, in base64; and back, nothing where the text is none.
std::string pack_losses(const std::vector<float>& losses);
std::optional<std::vector<float>> unpack_losses(std::string_view text);

/// Tells one set of samples from another, as far as a dump does: their classes, and which rows of the dataset they are,
/// in order. 128 bits, in hexadecimal.
std::string sample_digest(const dump::Activations& activations);

/// Of the ids of the samples, where there are some.
std::optional<SampleIds> sample_ids(const dump::Activations& activations);

/// Whether two items are of the same samples, as far as ids tell.
enum class Samples {
  unknown,    ///< either has no ids
  same,       ///< in the same order
  reordered,  ///< the same in another order, which changes no number of an item
  others,
};

Samples compare_samples(const AnalysedItem& a, const AnalysedItem& b);

/// What the change of an entanglement is known to by the samples: with d_i the change of the loss of sample i,
/// sd(d_i) / sqrt(pairs).
struct PairedChange {
  std::size_t pairs = 0;  ///< samples that are scored on both sides
  double mean = 0;        ///< of d_i
  double standard_error = 0;
};

/// Nothing where the losses of either are not kept or the samples are not the same; `why`, where not null, then says
/// so.
std::optional<PairedChange> paired_change(const AnalysedItem& before, const AnalysedItem& after,
                                          std::string* why = nullptr);

}  // namespace snnl::analysis
