#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snnl/points/points.hpp"

namespace snnl::engine {

/// The samples whose neighbourhoods are looked at, among all samples: every one, or a sample of them.
/// They are in the engine's order, so that those of a class are consecutive.
class Queries {
 public:
  /// Every sample.
  explicit Queries(const Points& points);
  /// `count` samples drawn at random without replacement, class by class: each class gets its share, and at least two
  /// (all, if it has fewer). The same `seed` draws the same samples everywhere. All of them if there are no more.
  /// Throws snnl::Error if `count` is too small for two of each class.
  Queries(const Points& points, std::size_t count, std::uint64_t seed);

  std::size_t size() const { return rows_.size(); }
  /// Whether every sample is one: query q is then the engine's row q.
  bool all() const { return all_; }
  /// The engine's row of query q.
  std::size_t row(std::size_t q) const { return rows_[q]; }
  /// [size()] the engine's row of each query, ascending
  const std::vector<std::size_t>& rows() const { return rows_; }
  /// The engine's rows of these queries.
  std::vector<std::size_t> rows(const std::vector<std::size_t>& queries) const;
  /// Class c has the queries [class_begin()[c], class_begin()[c + 1]).
  const std::vector<std::size_t>& class_begin() const { return class_begin_; }
  /// How many samples of class c each of its queries stands for.
  double weight(std::size_t c) const { return weights_[c]; }

 private:
  std::vector<std::size_t> rows_;
  std::vector<std::size_t> class_begin_;
  std::vector<double> weights_;
  bool all_ = true;
};

}  // namespace snnl::engine
