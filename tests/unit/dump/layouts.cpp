#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Options;
using snnl::dump::Reader;

namespace {

void check_all(const Reader& reader) {
  for (const auto& one : reader.items()) check_values(reader.read(one), one.epoch);
}

Reader open_files(const std::vector<std::string>& files, const std::string& layout) {
  std::vector<std::string> paths;
  for (const std::string& file : files) paths.push_back(path(file));
  return Reader(paths, with_layout(layout));
}

}  // namespace

TEST_CASE("layout: a group per epoch") {
  const Reader whole = open("group_per_epoch", with_layout("/runs/{epoch}/{layer}/act", "/meta/y"));
  REQUIRE(names(whole) == "3/a 3/b 20/a 20/b");
  check_all(whole);
  CHECK(whole.read(whole.items()[0]).labels[1] == 1);

  const Reader part = open("group_per_epoch", with_layout("/runs/epoch_{epoch}/{layer}/act", "/runs/epoch_{epoch}/y"));
  REQUIRE(names(part) == "3/a 3/b 20/a 20/b");
  CHECK(part.label_path() == "/runs/epoch_3/y");
  CHECK(part.read(part.items()[0]).labels[0] == 2);
}

TEST_CASE("layout: a group per layer, epochs numbered by attribute or name") {
  const Reader reader = open("group_per_layer", with_layout("/{layer}/{epoch}"));
  REQUIRE(names(reader) == "5/conv2 5/conv10 60/conv2 60/conv10");
  check_values(reader.read(reader.items()[0]), 5);
  check_values(reader.read(reader.items()[3]), 6);
}

TEST_CASE("layout: epochs without numbers, with some numbers") {
  const Reader reader = open("named_epochs", with_layout("/runs/{epoch}/{layer}"));
  REQUIRE(names(reader) == "0/fc 1/fc 2/fc");
  check_all(reader);
  CHECK(open_error("mixed_epochs", with_layout("/runs/{epoch}/{layer}"))
            .starts_with("mixed_epochs.h5:/runs/init/fc: its epoch 'init' has no number, but 'epoch_1' has; "));
  CHECK(names(open("mixed_epochs", with_layout("/runs/epoch_{epoch}/{layer}"))) == "1/fc");
}

TEST_CASE("layout: epoch and layer in one name") {
  const Reader reader = open("one_component", with_layout("/{layer}_{epoch}"));
  REQUIRE(names(reader) == "7/conv_1 7/conv_2 8/conv_1 8/conv_2");
  check_all(reader);
}

TEST_CASE("layout: an epoch axis") {
  Options options = with_layout("/{layer}[{epoch}]");
  options.layers = {"fc", "conv"};
  const Reader first = open("axis_first", options);
  REQUIRE(names(first) == "0/conv 0/fc 1/conv 1/fc 2/conv 2/fc 3/conv 3/fc");
  CHECK(first.items()[7].location == path("axis_first") + ":/fc[3]");
  check_values(first.read(first.items()[7]), 3);

  const Reader second = open("axis_second", with_layout("/{layer}[:,{epoch}]"));
  REQUIRE(names(second) == "0/fc 1/fc 2/fc 3/fc");
  CHECK(second.items()[2].location == path("axis_second") + ":/fc[:,2]");
  check_all(second);

  options.epochs = "2:3";
  options.layers = {"fc"};
  CHECK(names(open("axis_first", options)) == "2/fc");
}

TEST_CASE("layout: an implied epoch axis") {
  const Reader reader = open("axis_first", with_layout("/{layer}"));
  REQUIRE(names(reader) == "0/conv 0/fc 0/last_only 1/conv 1/fc 2/conv 2/fc 3/conv 3/fc");
  check_values(reader.read(item(reader, "fc", 2)), 2);
  // float16 holds these up to 2048 exactly, so look at the first epoch's only.
  check_values(reader.read(item(reader, "conv", 0)), 0, 6);
  check_values(reader.read(item(reader, "last_only", 0)), 3);
}

TEST_CASE("layout: epochs that were never written") {
  const Reader reader = open("axis_unfinished", with_layout("/{layer}"));
  REQUIRE(names(reader) == "0/fc 1/fc 2/fc 3/fc");
  check_values(reader.read(reader.items()[1]), 1);
  CHECK(message_of([&] { reader.read(reader.items()[2]); }) ==
        "axis_unfinished.h5:/fc[2]: this epoch was never written (all zeros); leave it out with --epochs");
}

TEST_CASE("layout: an axis that a dataset does not have") {
  const Reader reader = open("axis_first", with_layout("/{layer}[{epoch}]"));
  CHECK(read_error(reader, "last_only")
            .starts_with("axis_first.h5:/last_only[0]: has shape [12, 5] with its epoch axis, "));
}

TEST_CASE("layout: a file per epoch") {
  const Reader numbered = open_files({"epoch_10", "by_attribute", "epoch_2"}, "/{layer}");
  REQUIRE(names(numbered) == "2/fc 10/fc 30/fc");
  check_all(numbered);
  for (const auto& one : numbered.items()) {
    // Each file has its own labels: class (r - epoch) mod 3.
    CHECK(numbered.read(one).labels[0] == (3 - one.epoch % 3) % 3);
  }
  const Reader by_position = open_files({"first", "second"}, "/{layer}");
  REQUIRE(names(by_position) == "0/fc 1/fc");
  check_all(by_position);
  CHECK(names(open_files({"epoch_10"}, "/{layer}")) == "10/fc");
  CHECK(
      message_of([] {
        open_files({"first", "epoch_2"}, "/{layer}");
      }) ==
      "first.h5: its name has no epoch number, but that of epoch_2.h5 has; give it an integer attribute 'epoch', or a "
      "name like epoch_7.h5");
  CHECK(message_of([] {
          open_files({"epoch_2", "epoch_2"}, "/{layer}");
        }) == "epoch_2.h5:/fc: is epoch 2 of layer 'fc', and so is epoch_2.h5:/fc; give each epoch and layer once");
}

TEST_CASE("nothing matches the layout") {
  CHECK(open_error("axis_first") ==
        "axis_first.h5: is not laid out as a dump of version 1 (nothing matches /epochs/{epoch}/{layer}); it holds "
        "/conv, "
        "/fc, /labels, /last_only; say where the activations are with --layout, for instance '/{layer}'");
  const std::string text = open_error("group_per_epoch", with_layout("/run/{epoch}/{layer}"));
  CHECK(text.starts_with("group_per_epoch.h5: nothing matches the layout '/run/{epoch}/{layer}'; it holds /meta/y, "));
  CHECK(text.find("and 3 more; say where") != std::string::npos);
  CHECK(open_error("no_datasets").find("it holds no datasets at all") != std::string::npos);
  CHECK(open_error("v1", with_layout("{layer}")).starts_with("--layout: '{layer}': a layout begins with '/'"));
}
