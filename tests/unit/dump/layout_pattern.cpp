#include <doctest/doctest.h>

#include <string>

#include "snnl/dump/layout_pattern.hpp"
#include "snnl/error.hpp"

namespace {

using snnl::dump::EpochAxis;
using snnl::dump::LayoutPattern;

// "epoch|layer|object of the epoch", "-" where the path does not match.
std::string match(const std::string& pattern, const std::string& path) {
  const auto found = LayoutPattern(pattern).match(path);
  return found ? found->epoch + "|" + found->layer + "|" + found->epoch_object : "-";
}

}  // namespace

TEST_CASE("layout patterns") {
  CHECK(match("/epochs/{epoch}/{layer}", "/epochs/0003/conv1") == "0003|conv1|/epochs/0003");
  CHECK(match("/epochs/{epoch}/{layer}", "/epochs/0003/block1/conv1") == "0003|block1/conv1|/epochs/0003");
  CHECK(match("/epochs/{epoch}/{layer}", "/epochs/0003") == "-");
  CHECK(match("/epochs/{epoch}/{layer}", "/other/0003/conv1") == "-");
  CHECK(match("/runs/{epoch}/{layer}/act", "/runs/1/a/b/act") == "1|a/b|/runs/1");
  CHECK(match("/runs/{epoch}/{layer}/act", "/runs/1/a/weight") == "-");
  CHECK(match("/{layer}/{epoch}", "/a/b/epoch_7") == "epoch_7|a/b|/a/b/epoch_7");
  CHECK(match("/{layer}", "/a/b") == "|a/b|");
  CHECK(match("/acts", "/acts") == "|acts|");
  CHECK(match("/acts", "/acts/b") == "-");
  CHECK(match("/runs/{epoch}", "/runs/3") == "3|runs|/runs/3");
  CHECK(match("/{epoch}", "/3") == "3|activations|/3");
  CHECK(match("//runs/{epoch}/{layer}/", "/runs/3/a") == "3|a|/runs/3");
}

TEST_CASE("placeholders that are part of a name") {
  CHECK(match("/epoch_{epoch}/{layer}", "/epoch_12/a") == "12|a|/epoch_12");
  CHECK(match("/epoch_{epoch}/{layer}", "/step_12/a") == "-");
  CHECK(match("/epoch_{epoch}/{layer}", "/epoch_/a") == "-");
  CHECK(match("/{epoch}/layer_{layer}_out", "/12/layer_a/b_out") == "12|a/b|/12");
  CHECK(match("/{layer}_{epoch}", "/conv_2_13") == "13|conv_2|/conv_2_13");
  CHECK(match("/{layer}_{epoch}", "/conv_x") == "-");
  CHECK(match("/e{epoch}_{layer}", "/e13_conv_2") == "13|conv_2|/e13_conv_2");
  CHECK(match("/{layer}{epoch}", "/conv13") == "13|conv|/conv13");
  CHECK(match("/{layer}{epoch}", "/13") == "-");
  CHECK(match("/ab{layer}ba", "/aba") == "-");
}

TEST_CASE("an epoch axis") {
  CHECK(LayoutPattern("/{layer}[{epoch}]").epoch_axis() == EpochAxis::first);
  CHECK(LayoutPattern("/{layer}[:,{epoch}]").epoch_axis() == EpochAxis::second);
  CHECK(LayoutPattern("/{layer}[:, {epoch}]").epoch_axis() == EpochAxis::second);
  CHECK(LayoutPattern("/{layer}").epoch_axis() == EpochAxis::none);
  CHECK_FALSE(LayoutPattern("/{layer}[{epoch}]").has_epoch());
  CHECK(match("/{layer}[{epoch}]", "/conv") == "|conv|");
}

TEST_CASE("the groups that a pattern leads through") {
  const LayoutPattern pattern("/a/b/{epoch}/x/{layer}/act");
  CHECK(pattern.root() == "/a/b");
  CHECK(pattern.may_lead_to_match("/a/b/3"));
  CHECK(pattern.may_lead_to_match("/a/b/3/x"));
  CHECK(pattern.may_lead_to_match("/a/b/3/x/y/z"));
  CHECK_FALSE(pattern.may_lead_to_match("/a/b/3/y"));
  CHECK_FALSE(pattern.may_lead_to_match("/a/c"));
  CHECK(LayoutPattern("/{layer}").root() == "/");
  CHECK(LayoutPattern("/a/b").root() == "/a");
  CHECK_FALSE(LayoutPattern("/runs/{epoch}").may_lead_to_match("/runs/3"));
}

TEST_CASE("malformed patterns are errors") {
  for (const char* text : {"", "{layer}", "/", "//", "/{epoch}/{epoch}", "/{layer}/{layer}",
                           "/{epoch}/{layer}[{epoch}]", "/{foo}", "/{epoch", "/epoch}", "/a{{epoch}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(LayoutPattern{text}, snnl::Error);
  }
}

TEST_CASE("filling in placeholders") {
  CHECK(snnl::dump::fill_placeholders("/runs/{epoch}/{layer}/y", "3", "{epoch}") == "/runs/3/{epoch}/y");
  CHECK(snnl::dump::fill_placeholders("/y", "3", "a") == "/y");
}
