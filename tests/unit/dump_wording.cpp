#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "snnl/dump/wording.hpp"

using namespace snnl::dump;

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("conv1", "conv2") == 1);
  CHECK(edit_distance("cnov", "conv") == 2);
}

TEST_CASE("suggestions") {
  const std::vector<std::string> names = {"conv1", "conv2", "fc"};
  CHECK(did_you_mean("cnv1", names) == "; did you mean 'conv1'?");
  CHECK(did_you_mean("encoder", names).empty());
  CHECK(did_you_mean("x", {}).empty());
}

TEST_CASE("a message is one line") {
  CHECK(location("a.h5", "/x\ny") == "a.h5:/x?y");
  CHECK(location("a.h5", "") == "a.h5");
  CHECK(listing({"a", "b", "c"}, 2) == "a, b and 1 more");
  CHECK(shape_text({12, 5}) == "[12, 5]");
  CHECK(shape_text({}) == "[]");
}
