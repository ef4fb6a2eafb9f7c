// Ids of samples as the reader finds them; the files are of tests/make_dumps.py.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "unit/dump/fixtures.hpp"

namespace {

using Digests = std::vector<std::uint64_t>;

Digests ids_in(const std::string& file, std::int64_t epoch = 0, const snnl::dump::Options& options = {}) {
  const auto reader = dump_fixtures::open(file, options);
  return reader.read(dump_fixtures::item(reader, "fc", epoch)).ids;
}

std::string told_of(const std::string& file) {
  const auto reader = dump_fixtures::open(file);
  CHECK(reader.read(dump_fixtures::item(reader, "fc")).ids.empty());
  REQUIRE(reader.remarks().size() == 1);
  return dump_fixtures::message_of([&] { throw reader.remarks()[0]; });
}

}  // namespace

TEST_SUITE("dump") {
  TEST_CASE("sample ids: one digest a sample, whatever they are stored as") {
    const Digests ids = ids_in("ids");
    CHECK(ids.size() == dump_fixtures::samples);
    CHECK(std::set<std::uint64_t>(ids.begin(), ids.end()).size() == ids.size());
    for (const char* same : {"ids_short", "ids_text", "ids_bytes"}) CHECK(ids_in(same) == ids);
    const Digests wide = ids_in("ids_wide");
    CHECK(std::set<std::uint64_t>(wide.begin(), wide.end()).size() == wide.size());
    CHECK(ids_in("v1_part0").empty());
  }

  TEST_CASE("sample ids: those of the samples that are left") {
    const Digests all = ids_in("ids");
    snnl::dump::Options options;
    options.ignored_labels = {"1"};
    const Digests left = ids_in("ids", 0, options);
    REQUIRE(left.size() == 8);
    for (std::size_t i = 0; i < left.size(); ++i) CHECK(left[i] == all[i / 2 * 3 + i % 2 * 2]);
  }

  TEST_CASE("sample ids: of an epoch with labels of its own they lie beside these") {
    const Digests usual = ids_in("ids_of_epochs");
    Digests turned = ids_in("ids_of_epochs", 1);
    CHECK(turned != usual);
    std::reverse(turned.begin(), turned.end());
    CHECK(turned == usual);
    CHECK(ids_in("ids_of_epochs", 2).empty());  // in the order of /labels they would be silently wrong
    snnl::dump::Options coarse;
    coarse.labels = "/label_sets/coarse";
    CHECK(ids_in("ids_of_epochs", 0, coarse) == usual);
  }

  TEST_CASE("sample ids: such as cannot be used are told, and the numbers can be had") {
    const std::string rest = "; the ids of the samples are not used";
    CHECK(told_of("ids_wrong") ==
          "ids_wrong.h5:/sample_ids: has shape [11], but there are 12 labels" + rest + "; write one id per sample");
    CHECK(told_of("ids_floats") ==
          "ids_floats.h5:/sample_ids: holds neither integers nor strings" + rest + "; write one id per sample");
    CHECK(told_of("ids_damaged").rfind("ids_damaged.h5:/sample_ids: ", 0) == 0);
  }
}
