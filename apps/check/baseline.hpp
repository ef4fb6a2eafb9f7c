#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "snnl/analysis.hpp"

namespace snnl::check {

/// An (epoch, layer).
using Key = std::pair<std::int64_t, std::string>;

/// What an analysis is held against: one, or several of trainings that differ in their seed alone.
struct Baseline {
  std::vector<std::string> files;
  /// The one; of several, their means: of each number, of arrays element by element, and of the losses of each sample
  /// where all are of the same samples. An item that is not in all of them, or in error in one, is in error and says
  /// so.
  Analysis numbers;
  /// The entanglement of each run, where there are several and the item is in all of them.
  std::map<Key, std::vector<double>> runs;
  std::vector<std::string> remarks{};  ///< sample_remarks() of several

  bool is_of_several() const { return files.size() > 1; }
  /// "base.json", "a.json and 4 more"
  std::string name() const;
};

/// Of two runs nothing is known of how much a third may differ; of three, a little.
inline constexpr std::size_t least_runs = 3;

Baseline baseline_of(Analysis analysis, const std::string& file);

/// Of several, each in its file. Throws snnl::Error where they are fewer than least_runs, cannot be compared with each
/// other, or where one of them is there twice, by its numbers.
Baseline baseline_of(const std::vector<Analysis>& analyses, const std::vector<std::string>& files);

/// Throws snnl::Error where one cannot be compared with the first, or two are one run, by their numbers: a spread of 0
/// would be no spread.
void require_set(const std::vector<Analysis>& analyses, const std::vector<std::string>& files);

/// A line for each that is of as many, but other samples than the first: what they differ by is more than their seeds.
std::vector<std::string> sample_remarks(const std::vector<Analysis>& analyses, const std::vector<std::string>& files);

}  // namespace snnl::check
