#include "snnl/text/nearest_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace snnl::text;

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("conv1", "conv2") == 1);
  CHECK(edit_distance("cnov", "conv") == 1);
  CHECK(edit_distance("ca", "abc") == 3);  // no edit between two that were swapped
}

TEST_CASE("the nearest name") {
  const std::vector<std::string> names = {"conv1", "conv2", "fc", "block1/conv", "logits"};
  CHECK(nearest_name("cnv1", names) == "conv1");
  CHECK(nearest_name("ocnv2", names) == "conv2");
  CHECK(nearest_name("conv3", names) == "conv1");  // the first of the nearest
  CHECK(nearest_name("LOGITS", names) == "logits");
  CHECK(nearest_name("blokc1/conv", names) == "block1/conv");
  CHECK(nearest_name("block1", names) == "block1/conv");
  CHECK(nearest_name("blo", names) == "block1/conv");
  CHECK(nearest_name("bl", names) == "");
  CHECK(nearest_name("encoder", names) == "");
  CHECK(nearest_name("", names) == "");
  CHECK(nearest_name("x", {"y"}) == "");
  CHECK(nearest_name("x", {"x1"}) == "x1");
  CHECK(nearest_name("x", {}) == "");
  CHECK(nearest_name("conv1", {std::string(1'000'000, 'c')}) == "");
}

TEST_CASE("a suggestion ends a message of one line") {
  CHECK(did_you_mean("cnv1", {"conv1", "fc"}) == "; did you mean 'conv1'?");
  CHECK(did_you_mean("encoder", {"conv1", "fc"}) == "");
  CHECK(did_you_mean("conv12", {"conv\n1"}) == "; did you mean 'conv?1'?");
}
