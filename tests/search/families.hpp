#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "snnl/options.hpp"
#include "support/data.hpp"

/// Made data that are hard for the search of the optimal temperature: what a family is made of is told by a few
/// numbers, so that a failure can be named, mended by degrees, and kept.
namespace search {

struct Recipe {
  std::uint32_t seed = 0;
  std::size_t n = 0, d = 0, classes = 0;
  double log_separation = 0;    ///< log2 of how far class centres are apart, in each feature
  double log_width = 0;         ///< log2 of the width of the classes
  std::size_t wrong = 0;        ///< labels that are another class's
  std::size_t outliers = 0;     ///< samples moved away
  double log_outlier = 0;       ///< log10 of by how much
  double norms = 0;             ///< each sample is scaled by exp(norms N(0, 1))
  double tails = 0;             ///< features become sinh(tails x) / tails
  double dead = 0;              ///< share of features that are constant, and of samples that are all zero
  double duplicates = 0;        ///< share of samples that repeat the one before, half of them exactly
  double log_grid = 0;          ///< > -20: features are rounded to multiples of 2^log_grid: ties
  double nested = 0;            ///< > 0: each class is two clusters, 2^-nested of the separation apart
  double spread_of_widths = 0;  ///< log2 of the widths of the classes differ by so much
  bool cosine = false;
  double multiples = 0;  ///< share of samples that are multiples of a few directions: one point under cosine

  /// As one line, which `parse` reads.
  std::string text() const;
};
Recipe parse(const std::string& text);

/// One of the families, by number; the rest of its numbers come from the seed.
Recipe make_recipe(std::size_t family, std::uint32_t seed, std::size_t most_samples);
constexpr std::size_t families = 15;
/// The same, changed a little.
Recipe changed(const Recipe& recipe, std::uint32_t seed, std::size_t most_samples);

data::Samples cook(const Recipe& recipe);

}  // namespace search
