#pragma once

#include <benchmark/benchmark.h>

#include <memory>

#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"
#include "support/data.hpp"

namespace bench {

/// Clusters that overlap, as the engine sees them. One class holds n / classes samples.
struct PreparedPoints {
  data::Samples samples;
  snnl::engine::Points points;
  snnl::engine::Queries queries;

  PreparedPoints(std::size_t n, std::size_t d, std::size_t classes = 10)
      : samples(data::clusters(n, d, classes, .2, 1)),
        points(view(), labels(), classes, snnl::Distance::sqeuclidean),
        queries(points) {}
  PreparedPoints(const PreparedPoints&) = delete;
  PreparedPoints& operator=(const PreparedPoints&) = delete;

  snnl::MatrixView<const float> view() const { return {samples.x.data(), samples.x.shape(0), samples.x.shape(1)}; }
  std::vector<std::int32_t> labels() const { return {samples.y.begin(), samples.y.end()}; }
};

/// Reports the time of one pair of samples, given how many one iteration visits.
inline void per_pair(benchmark::State& state, double pairs) {
  using benchmark::Counter;
  state.counters["pair"] = Counter(pairs, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

/// n (n - 1) / 2
inline double unordered_pairs(std::size_t n) { return static_cast<double>(n) * static_cast<double>(n - 1) / 2; }

}  // namespace bench
