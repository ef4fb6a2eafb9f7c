// Computations that are told to stop.

#include "snnl/parallel/stop.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "snnl/analysis/digest.hpp"
#include "snnl/entanglement.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/tiles/schedule.hpp"

namespace {

/// As a reader keeps them.
template <class Real>
snnl::dump::Values<Real> kept(xt::xtensor<Real, 2> values) {
  const auto owner = std::make_shared<const xt::xtensor<Real, 2>>(std::move(values));
  return {owner, owner->data(), owner->shape(0), owner->shape(1)};
}

}  // namespace

TEST_SUITE("parallel") {
  TEST_CASE("stop: what runs in parallel ends soon after the flag is set, and only within its scope") {
    std::atomic<bool> stop{false};
    std::atomic<int> done{0};
    const auto run = [&] {
      snnl::parallel::run_parallel(1000, 3, [&](std::size_t, std::size_t) {
        if (++done == 20) stop = true;
      });
    };
    {
      const snnl::parallel::StopScope scope(&stop);
      CHECK_THROWS_AS(run(), snnl::Stopped);
      CHECK(done >= 20);
      CHECK(done <= 23);
      {
        const snnl::parallel::StopScope none(nullptr);
        done = 100;
        run();
        CHECK(done == 1100);
      }
      CHECK_THROWS_AS(run(), snnl::Stopped);
    }
    done = 100;
    run();
    CHECK(done == 1100);
  }

  TEST_CASE("stop: a tournament of tasks that wait for each other ends as well") {
    std::atomic<bool> stop{false};
    std::atomic<int> done{0};
    const auto schedule = snnl::engine::tournament(12);
    const snnl::parallel::StopScope scope(&stop);
    CHECK_THROWS_AS(snnl::engine::run_schedule(schedule, 12, 4,
                                               [&](const snnl::engine::BlockPair&, std::size_t) {
                                                 if (++done == 5) stop = true;
                                               }),
                    snnl::Stopped);
    CHECK(done < 12);
  }

  TEST_CASE("stop: an entanglement computed on another thread") {
    auto x = xt::xtensor<float, 2>::from_shape({4000, 64});
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (float& value : x) value = normal(random);
    std::vector<std::int64_t> y(4000);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<std::int64_t>(i % 10);
    std::atomic<bool> stop{false};
    snnl::EntanglementOptions options;
    options.precision = snnl::Precision::twice;
    options.temperature_curve = 4096;  // minutes
    options.stop = &stop;
    bool stopped = false;
    std::thread computing([&] {
      try {
        snnl::entanglement(x, y, options);
      } catch (const snnl::Stopped&) {
        stopped = true;
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    stop = true;
    computing.join();
    CHECK(stopped);
  }
}

TEST_SUITE("parallel") {
  TEST_CASE("digest: of values, their type and shape, and labels") {
    snnl::dump::Activations a;
    a.values = kept<float>({{1, 2, 3}, {4, 5, 6}});
    a.labels = {0, 1};
    const std::string before = snnl::analysis::digest(a);
    CHECK(before.size() == 32);
    CHECK(before.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(snnl::analysis::digest(a) == before);
    snnl::dump::Activations b = a;
    b.labels = {1, 0};
    CHECK(snnl::analysis::digest(b) != before);
    b = a;
    b.values = kept<float>({{1, 2}, {3, 4}, {5, 6}});
    CHECK(snnl::analysis::digest(b) != before);
    b.values = kept<double>({{1, 2, 3}, {4, 5, 6}});
    CHECK(snnl::analysis::digest(b) != before);
    b.values = kept<float>({{1, 2, 3}, {4, 5, 7}});
    CHECK(snnl::analysis::digest(b) != before);
    b = a;
    b.rows = {4, 9};  // where they came from does not matter
    b.dropped = 3;
    CHECK(snnl::analysis::digest(b) == before);
  }
}
