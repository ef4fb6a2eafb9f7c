// Which items are analysed, and in which order; files of other layouts.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

/// "0/fc1 0/fc2 4/fc1": epoch and layer of each item, in order.
std::string items_of(const std::vector<std::string>& arguments) {
  const Json analysis = analyze::json_of(arguments);
  std::string text;
  for (const Json& item : analysis["items"]) {
    if (!text.empty()) text += ' ';
    text += item["epoch"].dump();
    text += '/';
    text += item["layer"].get<std::string>();
  }
  return text;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("--layers and --epochs select") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    CHECK(items_of({file, "--layers", "fc*", "--epochs", "0:5:4"}) == "0/fc1 0/fc2 4/fc1 4/fc2");
    CHECK(items_of({file, "--layers", "logits", "--layers", "i?put", "--epochs", "12,2"}) ==
          "2/input 2/logits 12/input 12/logits");
    CHECK(items_of({file, "--layers=[lx]ogits", "--epochs", "7:"}) == "7/logits 12/logits");
    CHECK(items_of({file, "--layers", "fc1", "--epochs", ":2"}) == "0/fc1 1/fc1");
    // --layers takes one glob at a time, so that a dump may follow it.
    CHECK(items_of({"--layers", "fc1", file, "--epochs", "4"}) == "4/fc1");
  }

  TEST_CASE("a selection leaves the numbers as they are") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const Json all = analyze::json_of({file}), some = analyze::json_of({file, "--layers", "fc2", "--epochs", "4"});
    REQUIRE(some["items"].size() == 1);
    Json item = some["items"][0], same = analyze::item(all, 4, "fc2");
    item.erase("checksum");  // over the options, too
    same.erase("checksum");
    CHECK(item == same);
  }

  TEST_CASE("layers in the file's own order, else natural; epochs by number") {
    CHECK(items_of({analyze::dump("v1"), "--epochs", "0,10"}) ==
          "0/conv10 0/conv2 0/fc2 0/fc10 10/conv10 10/conv2 10/fc2 10/fc10");
    CHECK(items_of({analyze::dump("v1_plain")}) == "0/conv2 0/conv10 1/conv2 1/conv10");
  }

  TEST_CASE("--layout reads other files, several of them too") {
    CHECK(items_of({analyze::dump("group_per_epoch"), "--layout", "/runs/{epoch}/{layer}/act", "--labels",
                    "/meta/y"}) == "3/a 3/b 20/a 20/b");
    CHECK(items_of({analyze::dump("group_per_layer"), "--layout", "/{layer}/{epoch}"}) ==
          "5/conv2 5/conv10 60/conv2 60/conv10");
    CHECK(items_of({analyze::dump("axis_first"), "--layout", "/{layer}[{epoch}]", "--layers", "fc", "--epochs",
                    "::2"}) == "0/fc 2/fc");
    CHECK(items_of({analyze::dump("epoch_10"), analyze::dump("epoch_2"), "--layout", "/{layer}"}) == "2/fc 10/fc");
    const Json parts = analyze::json_of({analyze::dump("v1_part1"), analyze::dump("v1_part0")});
    CHECK(parts["inputs"] == Json::array({analyze::dump("v1_part1"), analyze::dump("v1_part0")}));
    CHECK(parts["items"].size() == 4);
  }

  TEST_CASE("a class that an epoch lacks has no numbers there") {
    const Json analysis = analyze::json_of({analyze::cli_dump("class_missing")});
    const Json& item = analyze::item(analysis, 1, "fc");
    // 39 samples of class 0, one of class 1, none of class 2.
    CHECK(item["scored"] == 39);
    CHECK(item["class_entanglement"][0].is_number());
    CHECK(item["class_entanglement"][1].is_null());
    CHECK(item["class_entanglement"][2].is_null());
    CHECK(item["class_similarity"][1][1] == 0);
    CHECK(item["class_similarity"][1][2] == 0);
    CHECK(item["class_similarity"][2] == Json::parse("[null, null, null]"));
  }
}
