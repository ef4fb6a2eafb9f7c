#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Reader;

namespace {

std::string kinds_error(const std::string& labels) { return open_error("label_kinds", with_labels(labels)); }

std::string kinds_classes(const std::string& labels) {
  const Reader reader = open("label_kinds", with_labels(labels));
  CHECK(reader.label_path() == "/label_sets/" + labels);
  return class_names(reader);
}

}  // namespace

TEST_CASE("label sets") {
  const Reader coarse = open("v1", with_labels("coarse"));
  CHECK(coarse.label_path() == "/label_sets/coarse");
  CHECK(class_names(coarse) == "mammal:8 bird:4");
  CHECK(class_names(open("v1", with_labels("/label_sets/coarse"))) == "mammal:8 bird:4");
  CHECK(open_error("v1", with_labels("coars")) ==
        "v1.h5:/label_sets/coars: there is no such label set; there are coarse; did you mean 'coarse'?");
  CHECK(
      open_error("v1_plain", with_labels("coarse")) ==
      "v1_plain.h5:/label_sets/coarse: there is no such label set, as the file has no group /label_sets; give the path "
      "of a dataset to --labels");
}

TEST_CASE("labels of many types") {
  CHECK(kinds_classes("negative") == "-14:4 -7:4 0:4");
  CHECK(kinds_classes("unsigned") == "0:4 100:4 200:4");
  CHECK(kinds_classes("float") == "0:4 1:4 2:4");
  CHECK(kinds_classes("half_float") == "0:4 1:4 2:4");
  CHECK(kinds_classes("text") == "bee:4 cat:4 owl:4");
  CHECK(kinds_classes("fixed_text") == "bee:4 cat:4 owl:4");
  CHECK(kinds_classes("column") == "0:4 1:4 2:4");
  CHECK(kinds_classes("bool") == "0:8 1:4");

  // Class -14 is stored for samples 2, 5, ...; text for 0, 1, 2, ... is cat, owl, bee, ...
  const Reader negative = open("label_kinds", with_labels("negative"));
  CHECK(negative.read(negative.items()[0]).labels == std::vector<std::int32_t>{2, 1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 0});
  const Reader text = open("label_kinds", with_labels("text"));
  CHECK(text.read(text.items()[0]).labels == std::vector<std::int32_t>{1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0});
}

TEST_CASE("labels that cannot be used") {
  const auto message = [](const std::string& labels, const std::string& part) {
    const std::string text = kinds_error(labels);
    CAPTURE(text);
    CHECK(text.starts_with("label_kinds.h5:/label_sets/" + labels + ": "));
    CHECK(text.find(part) != std::string::npos);
  };
  message("too_large", "row 0 holds the label 18446744073709551613, which is too large");
  message("fraction", "row 0 holds the label 0.500000, which is not a whole number");
  message("not_a_number", "row 2 holds the label nan, which is not a whole number");
  message("cube", "has shape [2, 2, 3]");
  message("out_of_range", "row 2 holds the label 2, but class_names has 2 names");
  message("bad_names", "its attribute 'class_names' does not hold strings");
  message("empty", "holds no labels");
  message("complex", "holds neither numbers nor strings");
  message("unwritten", "was created but never written");
  message("a_group", "is a group, not a dataset");
}

TEST_CASE("labels of another length are an error of each item") {
  const Reader reader = open("label_kinds", with_labels("few"));
  CHECK(read_error(reader, "fc")
            .starts_with("label_kinds.h5:/epochs/0000/fc: holds 12 samples, but /label_sets/few has 10; "));
}

TEST_CASE("missing labels") {
  CHECK(open_error("no_labels") ==
        "no_labels.h5:/labels: there are no labels here; name one of these with --labels: /loss, /meta/y");
  CHECK(class_names(open("no_labels", with_labels("/meta/y"))) == "0:4 1:4 2:4");
  const Reader one_hot = open("no_labels", with_labels("/meta/onehot"));
  CHECK(class_names(one_hot) == "0:4 1:4 2:4");
  CHECK(one_hot.one_hot_labels());
  CHECK(
      open_error("labels_elsewhere").starts_with("labels_elsewhere.h5:/labels: is an external link to v1.h5:/labels"));
  CHECK(open_error("v1", with_layout("/epochs/0001/{layer}", "/epochs/{epoch}/y")).starts_with("--labels: "));
}

TEST_CASE("an epoch with labels of its own") {
  const Reader reader = open("shuffled");
  REQUIRE(names(reader) == "0/fc 1/fc");
  CHECK(reader.read(reader.items()[0]).labels[0] == 0);
  // Stored in the opposite order: sample 0 has the label of sample 11.
  CHECK(reader.read(reader.items()[1]).labels[0] == 2);
  CHECK(open_error("shuffled", with_labels("coarse")) ==
        "shuffled.h5:/epochs/0001/labels: gives this epoch its own order of samples, which /label_sets/coarse does not "
        "have; store the set as /epochs/0001/label_sets/coarse");
  const Reader sets = open("shuffled_sets", with_labels("coarse"));
  REQUIRE(names(sets) == "0/fc 1/fc");
  CHECK(sets.read(sets.items()[0]).labels[0] == 0);
  CHECK(sets.read(sets.items()[1]).labels[0] == 1);
}

TEST_CASE("classes are the union over the files") {
  const Reader reader({path("v1_part0"), path("other_class"), path("renamed_class")}, {});
  CHECK(class_names(reader) == "cat:4 dog:4 bat:4 9:0");
  CHECK(reader.read(item(reader, "fc", 5)).labels[2] == 3);
  CHECK(
      message_of([] {
        Reader({path("v1"), path("renamed_class")}, {});
      }) ==
      "renamed_class.h5:/labels: calls class 2 'bat', but v1.h5:/labels calls it 'owl'; write the same class_names to "
      "all label sets");
  CHECK(message_of([] {
          Reader({path("v1_part0"), path("text_labels")}, {});
        }) ==
        "text_labels.h5:/labels: holds strings, but v1_part0.h5:/labels holds integers; write all label sets alike");
}
