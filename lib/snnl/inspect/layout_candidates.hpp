#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "snnl/inspect/survey.hpp"

namespace snnl::inspect {

/// The datasets of one file that might be layers, and how many samples they have.
struct Layers {
  std::size_t samples = 0;
  std::map<std::string, const Surveyed*> by_path;

  /// Whether its first axis is not that of the samples.
  bool has_epoch_axis(const Surveyed& one) const { return one.shape[0] != samples; }
};

/// The number of samples is the length of some labels, that which most datasets share. No layers where there is none.
Layers find_layers(const std::vector<Surveyed>& all);

/// A layout that a file may have.
struct Candidate {
  std::string layout;
  double score = 0;
  std::vector<std::string> layers;  // that are activations
  std::vector<std::string> bad;     // paths that match and are none; they may be labels
};

/// The layouts that fit the paths of the layers, the likeliest first.
std::vector<Candidate> candidates_for(const std::vector<Surveyed>& all, const Layers& layers);

}  // namespace snnl::inspect
