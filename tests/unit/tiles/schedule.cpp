#include "snnl/tiles/schedule.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <stdexcept>

#include "snnl/parallel/threads.hpp"

TEST_CASE("tournament: each pair of blocks meets once, each block meets itself first") {
  for (const std::size_t blocks : {1u, 2u, 3u, 4u, 7u, 16u, 33u}) {
    CAPTURE(blocks);
    const auto pairs = snnl::engine::tournament(blocks);
    CHECK(pairs.size() == blocks * (blocks + 1) / 2);
    std::set<std::pair<std::size_t, std::size_t>> seen;
    std::vector<std::size_t> turns(blocks, 0);
    for (const auto& p : pairs) {
      CHECK(p.first <= p.second);
      CHECK(seen.insert({p.first, p.second}).second);
      CHECK(p.turn_first == turns[p.first]);
      CHECK(p.turn_second == turns[p.second]);
      ++turns[p.first];
      if (p.second != p.first) ++turns[p.second];
    }
    for (std::size_t b = 0; b < blocks; ++b) CHECK(pairs[b].second == b);
  }
}

TEST_CASE("tournament: in a round no block appears twice") {
  const std::size_t blocks = 16;
  const auto pairs = snnl::engine::tournament(blocks);
  for (std::size_t round = blocks; round + blocks / 2 <= pairs.size(); round += blocks / 2) {
    std::set<std::size_t> busy;
    for (std::size_t k = 0; k < blocks / 2; ++k) {
      CHECK(busy.insert(pairs[round + k].first).second);
      CHECK(busy.insert(pairs[round + k].second).second);
    }
  }
}

TEST_CASE("run_schedule: the tasks of a block run one at a time and in list order, for any number of threads") {
  const std::size_t blocks = 9;
  const auto schedule = snnl::engine::tournament(blocks);
  for (const std::size_t threads : {1u, 2u, 3u, 8u}) {
    CAPTURE(threads);
    std::vector<std::vector<std::size_t>> order(blocks);  // without locks: the schedule has to keep tasks apart
    std::vector<std::atomic<int>> busy(blocks);
    std::atomic<bool> overlap{false};
    std::atomic<std::size_t> runs{0};
    snnl::engine::run_schedule(schedule, blocks, threads, [&](const snnl::engine::BlockPair& p, std::size_t worker) {
      if (worker >= threads) overlap = true;
      for (const std::size_t b : {p.first, p.second}) {
        if (busy[b]++ > (b == p.second && p.first == p.second ? 1 : 0)) overlap = true;
      }
      order[p.first].push_back(p.second);
      if (p.first != p.second) order[p.second].push_back(p.first);
      ++runs;
      --busy[p.first];
      --busy[p.second];
    });
    CHECK(runs == schedule.size());
    CHECK_FALSE(overlap);
    std::vector<std::vector<std::size_t>> expected(blocks);
    for (const auto& p : schedule) {
      expected[p.first].push_back(p.second);
      if (p.first != p.second) expected[p.second].push_back(p.first);
    }
    CHECK(order == expected);
  }
}

TEST_CASE("an exception in a task ends the run and reaches the caller") {
  for (const std::size_t threads : {1u, 3u}) {
    CHECK_THROWS_AS(snnl::engine::run_schedule(snnl::engine::tournament(6), 6, threads,
                                               [](const snnl::engine::BlockPair& p, std::size_t) {
                                                 if (p.second == 4) throw std::runtime_error("task");
                                               }),
                    std::runtime_error);
    CHECK_THROWS_AS(snnl::parallel::run_parallel(50, threads,
                                                 [](std::size_t i, std::size_t) {
                                                   if (i == 31) throw std::runtime_error("task");
                                                 }),
                    std::runtime_error);
  }
}

TEST_CASE("run_parallel runs every index once") {
  for (const std::size_t threads : {1u, 2u, 5u}) {
    std::vector<std::atomic<int>> runs(101);
    snnl::parallel::run_parallel(runs.size(), threads, [&](std::size_t i, std::size_t) { ++runs[i]; });
    for (const auto& r : runs) CHECK(r == 1);
  }
  snnl::parallel::run_parallel(0, 2, [](std::size_t, std::size_t) { FAIL("nothing to run"); });
}
