#include "snnl/dump/selection.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "snnl/error.hpp"

namespace {

using Epochs = std::vector<std::int64_t>;

Epochs select(const std::string& text, const Epochs& epochs) { return snnl::dump::EpochSelection(text).select(epochs); }

const Epochs some = {1, 2, 3, 5, 8, 13, 21};

}  // namespace

TEST_CASE("epoch selection") {
  CHECK(select("", some) == some);
  CHECK(select("5", some) == Epochs{5});
  CHECK(select("21, 1,1", some) == Epochs{1, 21});
  CHECK(select("2:8", some) == Epochs{2, 3, 5});
  CHECK(select(":", some) == some);
  CHECK(select(":3", some) == Epochs{1, 2});
  CHECK(select("8:", some) == Epochs{8, 13, 21});
  CHECK(select("::4", some) == Epochs{1, 5, 13, 21});
  CHECK(select("0::4", some) == Epochs{8});
  CHECK(select("1:4:2,13:", some) == Epochs{1, 3, 13, 21});
  CHECK(select("-3:0", {-3, -1, 0}) == Epochs{-3, -1});
}

TEST_CASE("epoch selection from the end") {
  CHECK(select("last", some) == Epochs{21});
  CHECK(select("-1", some) == Epochs{21});
  CHECK(select("-2,last,1", some) == Epochs{1, 13, 21});
  CHECK(select("-3:", some) == Epochs{8, 13, 21});
  CHECK(select(":-5", some) == Epochs{1, 2});
  CHECK(select("2:-1:3", some) == Epochs{2, 5, 8});
  CHECK(select("-99:", some) == some);
  CHECK(select("-9223372036854775808:", some) == some);
  CHECK(select("last", {-3, -1}) == Epochs{-1});
  CHECK(select("-1", {-3, -1, 0}) == Epochs{-1});  // it is there
  CHECK_THROWS_WITH(select("-8", some), "--epochs: there is no epoch -8; there are 1, 2, 3, 5, 8, 13, 21");
  CHECK_THROWS_WITH(select("-1:-3", some), "--epochs: '-1:-3' selects no epoch; there are 1, 2, 3, 5, 8, 13, 21");
}

TEST_CASE("epoch selection at the ends of the number range") {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(select("::9223372036854775807", {least, 0, most}) == Epochs{least});
  CHECK(select("9223372036854775807", {0, most}) == Epochs{most});
}

TEST_CASE("malformed epoch selections are errors") {
  for (const char* text : {"x", "1,", ",", "1:2:3:4", "1:2:0", "1:2:-1", "1.5", "5:5", "7:3", "0x1", "1-3",
                           "99999999999999999999", "+1", "--1", "last:", "Last", "last-1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(snnl::dump::EpochSelection{text}, snnl::Error);
  }
}

TEST_CASE("selecting no epoch says which there are") {
  CHECK_THROWS_WITH(select("4", some), "--epochs: there is no epoch 4; there are 1, 2, 3, 5, 8, 13, 21");
  CHECK_THROWS_WITH(select("14:20", some), "--epochs: '14:20' selects no epoch; there are 1, 2, 3, 5, 8, 13, 21");
  CHECK_THROWS_WITH(select("99", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
                    "--epochs: there is no epoch 99; there are 0, 1, 2, 3, 4, 5, 6, ..., 9");
}
