#include "snnl/text/base64.hpp"

#include <doctest/doctest.h>

#include <string>

using snnl::text::from_base64;
using snnl::text::to_base64;

TEST_CASE("base64: the vectors of RFC 4648, and back") {
  const std::string of[][2] = {{"", ""},
                               {"f", "Zg=="},
                               {"fo", "Zm8="},
                               {"foo", "Zm9v"},
                               {"foob", "Zm9vYg=="},
                               {"fooba", "Zm9vYmE="},
                               {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : of) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  std::string all;
  for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
  CHECK(from_base64(to_base64(all)) == all);
}

TEST_CASE("base64: what is none") {
  for (const char* text : {"Z", "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-v", "=Zg=", "Zg==Zg=="}) {
    CHECK_MESSAGE(!from_base64(text), text);
  }
}
