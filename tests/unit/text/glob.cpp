#include "snnl/text/glob.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using snnl::text::glob_match;

TEST_CASE("globs match whole names") {
  CHECK(glob_match("conv1", "conv1"));
  CHECK_FALSE(glob_match("conv", "conv1"));
  CHECK_FALSE(glob_match("conv11", "conv1"));
  CHECK(glob_match("conv*", "conv"));
  CHECK(glob_match("conv*", "conv12"));
  CHECK(glob_match("*1*", "block1/conv"));
  CHECK(glob_match("block*conv", "block1/a/conv"));
  CHECK(glob_match("**", ""));
  CHECK(glob_match("", ""));
  CHECK_FALSE(glob_match("", "a"));
  CHECK_FALSE(glob_match("?", ""));
  CHECK(glob_match("c?nv", "conv"));
  CHECK(glob_match("*ab*ab", "abcabab"));
  CHECK_FALSE(glob_match("*ab*abc", "abcabab"));
}

TEST_CASE("glob sets") {
  CHECK(glob_match("conv[123]", "conv2"));
  CHECK_FALSE(glob_match("conv[123]", "conv4"));
  CHECK(glob_match("conv[1-3]*", "conv25"));
  CHECK(glob_match("conv[!1-3]", "conv4"));
  CHECK_FALSE(glob_match("conv[^1-3]", "conv2"));
  CHECK(glob_match("a[]]b", "a]b"));
  CHECK(glob_match("a[-x]b", "a-b"));
  CHECK(glob_match("a[x-]b", "a-b"));
  CHECK(glob_match("a[b", "a[b"));
  CHECK_FALSE(glob_match("a[b", "ab"));
  CHECK(glob_match("[", "["));
  CHECK(glob_match("[!", "[!"));
}

TEST_CASE("lists of globs are split at commas, names with commas are not") {
  using snnl::text::split_lists;
  using Names = std::vector<std::string>;
  const Names names{"conv1", "conv2", "fc1", "a,b"};
  CHECK(split_lists({"conv*,fc1"}, names) == Names{"conv*", "fc1"});
  CHECK(split_lists({"a,b"}, names) == Names{"a,b"});
  CHECK(split_lists({"a?b", "fc1"}, names) == Names{"a?b", "fc1"});
  CHECK(split_lists({"fc1,gone"}, names) == Names{"fc1", "gone"});
  CHECK(split_lists({"fc1,,"}, names) == Names{"fc1"});
  CHECK(split_lists({","}, names) == Names{","});  // not none, which would be all
  CHECK(split_lists({}, names).empty());
}

TEST_CASE("many stars take no exponential time") {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  CHECK_FALSE(glob_match(pattern + "b", std::string(2000, 'a')));
}
