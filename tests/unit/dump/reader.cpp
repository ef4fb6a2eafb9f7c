#include <utility>

#include "snnl/dump_reader.hpp"
#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Options;
using snnl::dump::Reader;

TEST_CASE("a dump of version 1") {
  const Reader reader = open("v1");
  // layer_names first, the rest in natural order; "stem" is named but not stored.
  REQUIRE(names(reader) ==
          "0/conv10 0/conv2 0/fc2 0/fc10 1/conv10 1/conv2 1/fc2 1/fc10 10/conv10 10/conv2 10/fc2 10/fc10");
  CHECK(class_names(reader) == "cat:4 dog:4 owl:4");
  CHECK(reader.label_path() == "/labels");
  CHECK(reader.items()[5].location == path("v1") + ":/epochs/0001/conv2");
  for (std::size_t i = 0; i < reader.items().size(); ++i) {
    const auto& one = reader.items()[i];
    CHECK(one.index == i);
    const auto activations = reader.read(one);
    CHECK(activations.values.index() == 0);
    check_values(activations, one.epoch, one.layer == "conv2" ? 6 : features);
    CHECK(activations.dropped == 0);
    REQUIRE(activations.labels.size() == samples);
    for (std::size_t row = 0; row < samples; ++row) CHECK(activations.labels[row] == static_cast<int>(row % 3));
  }
}

TEST_CASE("a dump without version and layer names") {
  CHECK(names(open("v1_plain")) == "0/conv2 0/conv10 1/conv2 1/conv10");
}

TEST_CASE("a file with a user block") { check_values(open("user_block").read(open("user_block").items()[2]), 1); }

TEST_CASE("a reader can be moved") {
  Reader first = open("v1");
  Reader second = std::move(first);
  first = open("v1_plain");
  check_values(second.read(second.items()[0]), 0);
  check_values(first.read(first.items()[2]), 1);
}

TEST_CASE("selecting layers and epochs") {
  Options options;
  options.layers = {"fc*", "conv2"};
  options.epochs = "1:";
  CHECK(names(open("v1", options)) == "1/conv2 1/fc2 1/fc10 10/conv2 10/fc2 10/fc10");
  options.layers = {"fc*", "fc3"};
  CHECK(open_error("v1", options) ==
        "--layers: no layer matches 'fc3'; there are conv2, conv10, fc2, fc10; did you mean 'fc2'?");
  options.layers = {};
  options.epochs = "7";
  CHECK(open_error("v1", options) == "--epochs: there is no epoch 7; there are 0, 1, 10");
  options.epochs = "2:9";
  CHECK(open_error("v1", options) == "--epochs: '2:9' selects no epoch; there are 0, 1, 10");
  options.epochs = "2-9";
  CHECK(open_error("v1", options).starts_with("--epochs: '2-9' is not a selection of epochs"));
}

TEST_CASE("a message lists a few of many epochs") {
  Options options;
  options.epochs = "96:";
  CHECK(open_error("many_epochs", options) ==
        "--epochs: '96:' selects no epoch; there are 0, 5, 10, 15, 20, 25, 30, ..., 95");
}

TEST_CASE("several files are joined") {
  const Reader reader({path("v1_part1"), path("v1_part0")}, {});
  REQUIRE(names(reader) == "0/fc 1/fc 2/fc 3/fc");
  for (const auto& one : reader.items()) check_values(reader.read(one), one.epoch);
  CHECK(
      message_of([] {
        Reader({path("v1_overlap"), path("v1_part0")}, {});
      }) ==
      "v1_overlap.h5:/epochs/0001/fc: is epoch 1 of layer 'fc', and so is v1_part0.h5:/epochs/0001/fc; give each epoch "
      "and layer once");
  Options options;
  options.epochs = "0,2";
  CHECK(names(Reader({path("v1_overlap"), path("v1_part0")}, options)) == "0/fc 2/fc");
}

TEST_CASE("no files") {
  CHECK(message_of([] { Reader({}, {}); }) == "no dump was given; give at least one HDF5 file");
}

TEST_CASE("versions") {
  CHECK(
      open_error("v2") ==
      "v2.h5: is an activation dump of version 2, but this program reads version 1; use a newer snnl, or describe the "
      "file with --layout");
  CHECK(names(open("v2", with_layout("/epochs/{epoch}/{layer}"))) == "0/fc");
  CHECK(open_error("version_text") ==
        "version_text.h5:/: its attribute 'snnl_dump_version' is not one whole number; write it as an integer");
}

TEST_CASE("nested layers") { CHECK(names(open("nested")) == "0/block2/conv 0/block10/conv 0/stem"); }

TEST_CASE("second names of an epoch are no second epoch, shared layers are") {
  const Reader reader = open("aliases");
  REQUIRE(names(reader) == "0/fc 0/frozen 1/fc 1/frozen");
  check_values(reader.read(item(reader, "frozen", 1)), 0);
  check_values(reader.read(item(reader, "fc", 1)), 1);
}

TEST_CASE("link cycles end") {
  const Reader cycles = open("cycles");
  check_values(cycles.read(item(cycles, "fc")), 0);
  const Reader loop = open("soft_loop");
  REQUIRE(names(loop) == "0/fc 0/ping 0/pong");
  CHECK(read_error(loop, "ping").find("is a soft link to something that is not in this file") != std::string::npos);
}

TEST_CASE("external links are not followed") {
  CHECK(open_error("epoch_elsewhere") ==
        "epoch_elsewhere.h5:/epochs/0001: is an external link to v1.h5:/epochs/0001, which is not followed; give that "
        "file "
        "itself, or copy its data into this one");
}

TEST_CASE("items that cannot be analysed leave the others readable") {
  const Reader reader = open("bad_items");
  const auto message = [&](const std::string& layer, const std::string& part) {
    const std::string text = read_error(reader, layer);
    CAPTURE(text);
    CHECK(text.starts_with("bad_items.h5:/epochs/0000/" + layer + ": "));
    CHECK(text.find(part) != std::string::npos);
    CHECK(text.find('\n') == std::string::npos);
  };
  message("short", "holds 10 samples, but /labels has 12");
  message("scalar", "has shape [], but activations are an array of [samples, features]");
  message("vector", "has shape [12], but activations are");
  message("no_samples", "holds no samples (shape [0, 5])");
  message("no_features", "holds no features (shape [12, 0])");
  message("no_shape", "it has no shape");
  message("unwritten", "was created but never written");
  message("lzf", "is compressed with filter 'lzf' (number 32000), which this HDF5 library does not have");
  message("other_file", "is an external link to v1.h5:/epochs/0000/fc2, which is not followed");
  message("dangling", "is a soft link to something that is not in this file");
  message("through_link", "is a soft link to something that is not in this file");
  message("external", "external storage");
  message("virtual", "is a virtual dataset");
  message("part", "was written in part only");
  message("huge", "GiB, more memory than this machine has");
  check_values(reader.read(item(reader, "good")), 0);
}

TEST_CASE("damaged data are an error of their item") {
  const Reader reader = open("damaged");
  CHECK(read_error(reader, "checked").find("could not be read (HDF5: ") != std::string::npos);
  CHECK(read_error(reader, "zipped").find("seems to be damaged") != std::string::npos);
  check_values(reader.read(item(reader, "good")), 0);
}
