// snnl::inspect on the dumps of the reader's tests.

#include "snnl/inspect/inspect_dump.hpp"

#include <doctest/doctest.h>

#include "unit/dump/fixtures.hpp"

using namespace snnl::inspect;
namespace fixtures = dump_fixtures;

namespace {

Inspection inspect(const std::string& name, const InspectOptions& options = {}) {
  return inspect_dump({fixtures::path(name)}, options);
}

bool says(const Inspection& inspection, Severity severity, const std::string& path, const std::string& what) {
  for (const Finding& finding : inspection.findings) {
    if (finding.severity == severity && finding.path == path &&
        (finding.message + "; " + finding.advice).find(what) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_SUITE("inspect") {
  TEST_CASE("what a dump holds") {
    const Inspection found = inspect("v1");
    CHECK(found.readable());
    CHECK(found.files[0].version == 1);
    CHECK(found.files[0].model == std::vector<std::string>{"toy"});
    CHECK(found.epochs == std::vector<std::int64_t>{0, 1, 10});
    CHECK(found.layers == std::vector<std::string>{"conv10", "conv2", "fc2", "fc10"});
    CHECK(found.items.size() == 12);
    CHECK(found.items[1].layer == "conv2");
    CHECK(found.items[1].shape == std::vector<std::size_t>{12, 2, 3});
    CHECK(found.items[1].bytes == 12 * 2 * 3 * 4);
    CHECK(found.datasets[*found.items[1].dataset].type == "float32");
    REQUIRE(found.label_sets.size() == 2);
    CHECK(found.label_sets[0].used);
    CHECK(found.label_sets[0].classes[2].name == "owl");
    CHECK(found.label_sets[0].classes[2].count == 4);
    CHECK(found.label_sets[1].path == "/label_sets/coarse");
    CHECK(!found.label_sets[1].used);
    CHECK(found.count(Severity::error) == 0);
    CHECK(says(found, Severity::warning, "", "layer_names names what no epoch has: stem"));
    CHECK(found.command == std::vector<std::string>{"snnl-analyze", fixtures::path("v1")});
    CHECK(found.others.empty());
  }

  TEST_CASE("how datasets are stored") {
    const Inspection found = inspect("types");
    const auto of = [&](const std::string& layer) {
      for (const ItemInfo& item : found.items) {
        if (item.layer == layer) return found.datasets[*item.dataset];
      }
      return DatasetInfo();
    };
    CHECK(of("gzip").filters == std::vector<std::string>{"shuffle", "gzip 4"});
    CHECK(of("gzip").chunk == std::vector<std::size_t>{5, 2});
    CHECK(of("gzip").storage == "chunked");
    CHECK(of("gzip_f2").filters == std::vector<std::string>{"gzip 4", "fletcher32"});
    CHECK(of("bf16").type == "bfloat16");
    CHECK(of("bf16_u2be").type == "bfloat16, big-endian");
    CHECK(of("f8be").type == "float64, big-endian");
    CHECK(of("bool").type == "bool");
    CHECK(of("f4le").storage == "contiguous");
    CHECK(of("f4le").stored_bytes == 240);
  }

  TEST_CASE("errors of a file do not hide its items") {
    for (const char* name : {"v2", "version_text", "labels_elsewhere", "epoch_elsewhere"}) {
      CAPTURE(name);
      const Inspection found = inspect(name);
      CHECK(found.readable());
      CHECK(found.count(Severity::error) == 1);
      CHECK(found.command.empty());
      CHECK(found.items.size() == 1);
      CHECK(found.items[0].layer == "fc");
    }
  }

  TEST_CASE("files that cannot be read, among others") {
    const Inspection found =
        inspect_dump({fixtures::path("v1_part0"), fixtures::path("truncated"), fixtures::path("nowhere")}, {});
    CHECK(!found.readable());
    CHECK(found.count(Severity::error) == 2);
    CHECK(found.items.size() == 2);
    CHECK(found.command.empty());
  }

  TEST_CASE("the same epoch in two files") {
    const Inspection found = inspect_dump({fixtures::path("v1_part0"), fixtures::path("v1_overlap")}, {});
    CHECK(found.count(Severity::error) == 1);
    CHECK(says(found, Severity::error, "/epochs/0001/fc", "is epoch 1 of layer 'fc', and so is"));
  }

  TEST_CASE("label sets that are not used are warnings, the one asked for is an error") {
    const Inspection all = inspect("label_kinds");
    CHECK(all.count(Severity::error) == 0);
    CHECK(all.count(Severity::warning) == 11);
    for (const auto& [set, what] : {std::pair{"bad_names", "class_names"},
                                    {"complex", "neither numbers nor strings"},
                                    {"cube", "one number or string per sample"},
                                    {"empty", "no labels"},
                                    {"few", "10 labels, but 12 samples"},
                                    {"fraction", "not a whole number"},
                                    {"not_a_number", "not a whole number"},
                                    {"out_of_range", "class_names has 2 names"},
                                    {"too_large", "too large"},
                                    {"unwritten", "never written"}}) {
      const std::string name = set;
      CAPTURE(name);
      CHECK(says(all, Severity::warning, std::string("/label_sets/") + set, what));
    }
    InspectOptions options;
    options.labels = "few";
    CHECK(says(inspect("label_kinds", options), Severity::error, "/epochs/0000/fc", "12 samples"));
  }

  TEST_CASE("without data only structure is looked at") {
    InspectOptions options;
    options.data = false;
    CHECK(inspect("nonfinite", options).findings.empty());
    CHECK(inspect("damaged", options).findings.empty());
    CHECK(inspect("bad_items", options).count(Severity::error) == 14);  // the filter shows when it is needed
    CHECK(inspect("bad_items").count(Severity::error) == 15);
  }

  TEST_CASE("the result does not depend on the number of threads") {
    InspectOptions one, three;
    one.threads = 1;
    three.threads = 3;
    for (const char* name : {"gzip", "gzip_damaged", "bad_items"}) {
      CHECK(to_json(inspect(name, one)) == to_json(inspect(name, three)));
    }
  }

  TEST_CASE("layouts that are proposed") {
    struct Case {
      const char* name;
      const char* layout;
      const char* labels;
      std::size_t items;
    };
    for (const Case& one : {Case{"group_per_epoch", "/runs/{epoch}/{layer}/act", "/runs/{epoch}/y", 4},
                            {"group_per_layer", "/{layer}/{epoch}", "", 4},
                            {"named_epochs", "/runs/{epoch}/{layer}", "", 3},
                            {"one_component", "/{layer}_{epoch}", "", 4},
                            {"axis_first", "/{layer}", "", 9},
                            {"axis_unfinished", "/{layer}[{epoch}]", "", 4},
                            {"epoch_10", "/{layer}", "", 1}}) {
      CAPTURE(one.name);
      const Inspection found = inspect(one.name);
      CHECK(found.layout == one.layout);
      CHECK(found.layout_proposed);
      CHECK(found.labels == one.labels);
      CHECK(found.items.size() == one.items);
      CHECK(!found.command.empty());
      CHECK(says(found, Severity::warning, "", "--layout"));
    }
    const Inspection labels = inspect("no_labels");
    CHECK(!labels.layout_proposed);
    CHECK(labels.labels == "/meta/y");
    CHECK(labels.labels_proposed);
    CHECK(says(labels, Severity::warning, "/labels", "--labels /meta/y"));
  }

  TEST_CASE("one file per epoch") {
    const Inspection found = inspect_dump({fixtures::path("epoch_10"), fixtures::path("epoch_2")}, {});
    CHECK(found.layout == "/{layer}");
    CHECK(found.epochs == std::vector<std::int64_t>{2, 10});
    CHECK(found.count(Severity::error) == 0);
  }

  TEST_CASE("options that make no sense are thrown") {
    CHECK(fixtures::message_of([] { inspect_dump({}, {}); }).find("no dump was given") == 0);
    InspectOptions options;
    options.layout = "no slash";
    CHECK(fixtures::message_of([&] { inspect("v1", options); }).find("begins with '/'") != std::string::npos);
  }
}
