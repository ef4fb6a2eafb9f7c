#pragma once

#include <cstddef>
#include <memory>

#include "workload.hpp"

namespace benchmark {
class State;
}

namespace bench {

/// One row of the table: a search, or a gradient, and what its time is held against. In each repetition the reference
/// runs right before it, so that a busy machine slows both.
struct Measurement {
  enum class Subject {
    search,    ///< snnl::entanglement
    gradient,  ///< snnl::entanglement_gradient at the optimal temperature
    /// snnl::nearest_neighbors: 75 of the first sixth of the samples among the others; `l` is then the mean distance of
    /// the farthest of them
    neighbors,
  };
  Subject subject = Subject::search;
  /// How often the subject is run in one repetition; its time is that of one.
  std::size_t calls = 1;
  enum class Reference {
    none,        ///< the process holds the matrix and searches, nothing else: for its peak memory
    gemm,        ///< one GEMM, see GemmYardstick
    classes,     ///< the search of the same samples with `reference_classes` classes
    one_thread,  ///< the search on one thread
    gemm_alone,  ///< no search at all: the rate of GEMM
  };
  Reference reference = Reference::gemm;
  std::size_t reference_classes = 10;
  std::size_t threads = 1;
  /// Whether each is run once without the clock: fresh pages, BLAS' buffers and threads.
  bool warm_up = true;
  Workload workload;
};

/// Runs a measurement as a Google Benchmark with manual time: each call is one repetition. Counters: subject_s and
/// reference_s (seconds), l, normalized, temperature, passes, used_double,
/// peak_kib; the label is the temperature's status.
class Measured {
 public:
  explicit Measured(const Measurement& measurement);
  void operator()(benchmark::State& state);

 private:
  struct Prepared;
  Measurement measurement_;
  std::shared_ptr<Prepared> prepared_;  // shared: Google Benchmark copies this
};

}  // namespace bench
