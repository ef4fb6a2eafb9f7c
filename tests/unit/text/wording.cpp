#include "snnl/text/wording.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace snnl::text;

TEST_CASE("a message is one line") {
  CHECK(location("a.h5", "/x\ny") == "a.h5:/x?y");
  CHECK(location("a.h5", "") == "a.h5");
  CHECK(listing({"a", "b", "c"}, 2) == "a, b and 1 more");
  CHECK(shape_text({12, 5}) == "[12, 5]");
  CHECK(shape_text({}) == "[]");
}
