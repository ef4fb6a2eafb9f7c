#include "snnl/text/natural_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using snnl::text::natural_less;

TEST_CASE("natural order compares runs of digits as numbers") {
  const std::vector<std::string> sorted = {"",
                                           "a",
                                           "a0",
                                           "a1",
                                           "a1b",
                                           "a2",
                                           "a10",
                                           "block1/conv2",
                                           "block1/conv10",
                                           "block10/conv1",
                                           "conv",
                                           "conv2",
                                           "conv10",
                                           "conv10.1",
                                           "conv10.9",
                                           "conv10.10",
                                           "conv99999999999999999999998",
                                           "conv99999999999999999999999",
                                           "fc"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      CAPTURE(sorted[i]);
      CAPTURE(sorted[j]);
      CHECK(natural_less(sorted[i], sorted[j]) == (i < j));
    }
  }
}

TEST_CASE("natural order tells leading zeros apart, and is strict") {
  CHECK(natural_less("a01", "a1") != natural_less("a1", "a01"));
  CHECK(natural_less("a01", "a2"));
  CHECK(natural_less("a1", "a02"));
  CHECK_FALSE(natural_less("a01", "a01"));
  CHECK_FALSE(natural_less("\xff", "z"));
}
