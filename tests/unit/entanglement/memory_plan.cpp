#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>

#include "snnl/entanglement/memory.hpp"

TEST_SUITE("entanglement") {
  TEST_CASE("memory: nothing is planned for an item without samples, whatever else a file claims of it") {
    for (const std::size_t features : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 40}) {
      for (const std::size_t queries : {std::size_t{0}, std::size_t{10}}) {
        CHECK(snnl::engine::plan_memory({0, features, 3, queries, 2}, 0).least == 0);
        CHECK(snnl::engine::plan_memory({0, features, 3, queries, 2}, 1000).keep == 1000);
      }
    }
    CHECK(snnl::engine::plan_memory({1, 0, 1, 0, 1}, 0).least > 0);
  }
}
