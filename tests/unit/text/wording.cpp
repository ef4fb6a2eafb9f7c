#include "snnl/text/wording.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace snnl;

TEST_CASE("a message is one line") {
  CHECK(text::location("a.h5", "/x\ny") == "a.h5:/x?y");
  CHECK(text::location("a.h5", "") == "a.h5");
  CHECK(text::listing({"a", "b", "c"}, 2) == "a, b and 1 more");
  CHECK(text::shape_text({12, 5}) == "[12, 5]");
  CHECK(text::shape_text({}) == "[]");
}
