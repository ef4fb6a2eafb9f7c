#include "snnl/parallel/pipeline.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

/// Hands out 0, 1, ..., pieces - 1; piece k fails where `fails(k)`, and the filling of `last` where that is reached.
struct Run {
  std::size_t slots = 1;
  std::size_t threads = 1;
  std::size_t pieces = 100;
  std::size_t bad_fill = 1000;
  std::vector<std::size_t> bad_work = {};

  std::vector<std::size_t> done() const {
    std::vector<std::size_t> slot_of(slots);
    std::vector<std::atomic<std::size_t>> times(pieces);
    std::size_t next = 0;
    snnl::parallel::run_pipeline(
        slots, threads,
        [&](std::size_t slot) {
          if (next == bad_fill) throw std::runtime_error("fill " + std::to_string(next));
          if (next == pieces) return false;
          slot_of[slot] = next++;
          return true;
        },
        [&](std::size_t slot, std::size_t worker) {
          if (worker >= threads) throw std::runtime_error("worker");
          const std::size_t piece = slot_of[slot];
          if (std::find(bad_work.begin(), bad_work.end(), piece) != bad_work.end()) {
            // The earlier one fails later.
            std::this_thread::sleep_for(std::chrono::milliseconds(piece % 2 == 0 ? 5 : 0));
            throw std::runtime_error("work " + std::to_string(piece));
          }
          ++times[piece];
        });
    return {times.begin(), times.end()};
  }

  std::string failure() const {
    try {
      done();
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  }
};

}  // namespace

TEST_CASE("run_pipeline does every piece once") {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    for (const std::size_t slots : {1u, 2u, 7u}) {
      CAPTURE(threads);
      CAPTURE(slots);
      CHECK(Run{slots, threads}.done() == std::vector<std::size_t>(100, 1));
      CHECK(Run{slots, threads, 0}.done().empty());
    }
  }
}

TEST_CASE("run_pipeline: the first failure in order is the one told, for any number of threads") {
  for (const std::size_t threads : {1u, 2u, 4u}) {
    CAPTURE(threads);
    for (int repeat = 0; repeat < 20; ++repeat) {
      CHECK(Run{6, threads, 100, 1000, {30, 31, 33}}.failure() == "work 30");
      CHECK(Run{6, threads, 100, 33, {30, 31}}.failure() == "work 30");
      CHECK(Run{6, threads, 100, 30, {31}}.failure() == "fill 30");
      CHECK(Run{6, threads, 100, 0}.failure() == "fill 0");
    }
  }
}
