// Dumps that the library writes, read by its own reader and by h5py.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "snnl/dump_reader.hpp"
#include "snnl/dump_writer.hpp"
#include "snnl/error.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

using snnl::dump::DumpDescription;
using snnl::dump::DumpWriter;
using snnl::dump::StoredType;

namespace {

DumpDescription description() {
  DumpDescription d;
  d.labels = {0, 1, 2, 0, 1, 2};
  d.class_names = {"cat", "dog", "owl"};
  d.sample_ids = {5, 4, 3, 2, 1, 0};
  d.layer_names = {"conv", "block/fc"};
  d.model = "a model";
  d.dataset = "some data";
  return d;
}

std::vector<float> values(std::size_t count, float by) {
  std::vector<float> out(count);
  for (std::size_t k = 0; k < count; ++k) out[k] = by * (static_cast<float>(k) - 3);
  return out;
}

}  // namespace

TEST_SUITE("dump") {
  TEST_CASE("written dumps: what the reader and h5py find") {
    for (const StoredType type : {StoredType::half, StoredType::single}) {
      const Scratch scratch;
      const std::string path = scratch.path("run.h5");
      const std::vector<float> conv = values(6 * 2 * 2 * 2, .25f), fc = values(6 * 3, .5f);
      {
        const DumpWriter writer(path, description(), type);
        writer.write_epoch(0, {{"conv", {6, 2, 2, 2}, conv.data()}, {"block/fc", {6, 3}, fc.data()}},
                           {0, 0, 0, 1, 1, 1});
      }
      // Another writer goes on.
      DumpWriter(path, description(), type).write_epoch(12, {{"conv", {6, 2, 2, 2}, conv.data()}});
      CHECK(scratch.names() == "run.h5");
      const snnl::dump::Reader reader({path}, {});
      REQUIRE(reader.items().size() == 3);
      CHECK(reader.items()[0].layer == "conv");
      CHECK(reader.items()[1].layer == "block/fc");
      CHECK(reader.items()[2].epoch == 12);
      const auto read = reader.read(reader.items()[1]);
      CHECK(read.labels == std::vector<std::int32_t>{0, 1, 2, 0, 1, 2});
      const run::Result result = run::program(
          SNNL_PYTHON,
          {"-c",
           "import h5py, sys, numpy as np\n"
           "with h5py.File(sys.argv[1]) as f:\n"
           "    fc = f['epochs/0000/block/fc']\n"
           "    print(fc.dtype, fc[...].ravel().tolist() == [.5 * (k - 3) for k in range(18)])\n"
           "    print(f['epochs/0012/conv'].shape, f['epochs/0012'].attrs['epoch'], f['labels'][...].tolist())\n"
           "    print(list(f['labels'].attrs['class_names']), f['sample_ids'][0], "
           "f['predictions/0000'][...].tolist())\n"
           "    print(dict(f.attrs)['model'], list(f.attrs['layer_names']), f.attrs['snnl_dump_version'])\n",
           path});
      CHECK(result.err == "");
      CHECK(result.out == std::string(type == StoredType::half ? "float16" : "float32") +
                              " True\n(6, 2, 2, 2) 12 [0, 1, 2, 0, 1, 2]\n['cat', 'dog', 'owl'] 5 [0, 0, 0, 1, 1, "
                              "1]\na model ['conv', 'block/fc'] 1\n");
    }
  }

  TEST_CASE("written dumps: an epoch twice, other labels, another file") {
    const Scratch scratch;
    const std::string path = scratch.path("run.h5");
    const std::vector<float> fc = values(18, 1);
    const DumpWriter writer(path, description(), StoredType::single);
    writer.write_epoch(1, {{"fc", {6, 3}, fc.data()}});
    const std::string before = scratch.read("run.h5");
    CHECK(refusal([&] { writer.write_epoch(1, {{"fc", {6, 3}, fc.data()}}); }) == path + ": has epoch 1 already");
    CHECK(scratch.read("run.h5") == before);
    CHECK(refusal([&] { writer.write_epoch(1, {{"fc", {6, 3}, fc.data()}}, {}, true); }) == "");
    CHECK(scratch.read("run.h5") == before);  // as it was recorded
    DumpDescription other = description();
    other.labels[5] = 0;
    const std::string said = path + ": exists, with other labels; choose another name, or remove it";
    CHECK(refusal([&] { DumpWriter(path, other, StoredType::single); }) == said);
    other.labels.pop_back();
    other.sample_ids.clear();
    CHECK(refusal([&] { DumpWriter(path, other, StoredType::single); }) == said);
    scratch.write("text.h5", "dear diary");
    CHECK(refusal([&] {
            DumpWriter(scratch.path("text.h5"), description(), StoredType::single);
          }).find("not an HDF5 file") != std::string::npos);
    CHECK(scratch.names() == "run.h5 text.h5");
  }

  TEST_CASE("written dumps: an epoch that is recorded again changes nothing, another one replaces it") {
    for (const StoredType type : {StoredType::half, StoredType::single}) {
      const Scratch scratch;
      const std::string path = scratch.path("run.h5");
      const std::vector<float> a = values(18, .37f), b = values(18, .71f);
      const DumpWriter writer(path, description(), type);
      for (const std::int64_t epoch : {0, 1, 2}) {
        writer.write_epoch(epoch, {{"fc", {6, 3}, a.data()}, {"x/y", {6, 3}, b.data()}}, {0, 1, 2, 0, 1, 2});
      }
      const std::string before = scratch.read("run.h5");
      for (const std::int64_t epoch : {2, 0}) {
        writer.write_epoch(epoch, {{"fc", {6, 3}, a.data()}, {"x/y", {6, 3}, b.data()}}, {0, 1, 2, 0, 1, 2}, true);
        CHECK(scratch.read("run.h5") == before);
      }
      const auto first = [&](const std::string& layer) {
        const snnl::dump::Reader reader({path}, {});
        for (const auto& item : reader.items()) {
          if (item.epoch == 2 && item.layer == layer) {
            return std::get<snnl::dump::Values<float>>(reader.read(item).values)(0, 0);
          }
        }
        return 0.f;
      };
      // Other values, another shape, other predictions, fewer layers.
      writer.write_epoch(2, {{"fc", {6, 3}, b.data()}, {"x/y", {6, 3}, b.data()}}, {0, 1, 2, 0, 1, 2}, true);
      CHECK(first("fc") == doctest::Approx(b[0]).epsilon(1e-3));
      writer.write_epoch(2, {{"fc", {6, 3}, b.data()}, {"x/y", {6, 1, 3}, b.data()}}, {0, 1, 2, 0, 1, 2}, true);
      std::string now = scratch.read("run.h5");
      writer.write_epoch(2, {{"fc", {6, 3}, b.data()}, {"x/y", {6, 1, 3}, b.data()}}, {0, 1, 2, 0, 1, 1}, true);
      CHECK(scratch.read("run.h5") != now);
      now = scratch.read("run.h5");
      writer.write_epoch(2, {{"fc", {6, 3}, b.data()}}, {0, 1, 2, 0, 1, 1}, true);
      CHECK(scratch.read("run.h5") != now);
      CHECK(first("x/y") == 0);
    }
  }

  TEST_CASE("written dumps: what does not fit") {
    const Scratch scratch;
    const std::string path = scratch.path("run.h5");
    std::vector<float> fc = values(18, 1);
    const DumpWriter writer(path, description(), StoredType::half);
    const auto said = [&](std::int64_t epoch, const std::vector<snnl::dump::RecordedLayer>& layers,
                          const std::vector<std::int64_t>& predictions = {}) {
      return refusal([&] { writer.write_epoch(epoch, layers, predictions); });
    };
    CHECK(said(-1, {{"fc", {6, 3}, fc.data()}}) == path + ": epoch -1 is negative");
    CHECK(said(0, {}) == path + ": epoch 0 has no layers");
    CHECK(said(0, {{"fc", {5, 3}, fc.data()}}).find("does not have one row for each of 6 labels") != std::string::npos);
    CHECK(said(0, {{"fc", {6}, fc.data()}}).find("does not have one row") != std::string::npos);
    CHECK(said(0, {{"fc", {6, 3}, fc.data()}}, {1}) == path + ": 1 predictions, but 6 labels");
    for (const char* name : {"", "/", "a//b", "/a", "a/", "..", "labels", "label_sets/x"}) {
      const std::string text = name;
      CAPTURE(text);
      CHECK(said(0, {{name, {6, 3}, fc.data()}}).find("cannot name a layer") != std::string::npos);
    }
    fc[4] = std::numeric_limits<float>::infinity();  // as it was: the tools say so
    fc[5] = 7e4f;
    CHECK(said(0, {{"fc", {6, 3}, fc.data()}}) ==
          path + ": layer 'fc' holds 70000, which is beyond float16; record it as float32");
    CHECK(scratch.names() == "");
    DumpDescription bad = description();
    bad.labels[0] = 3;
    CHECK(refusal([&] { DumpWriter(path, bad, StoredType::half); }) ==
          path + ": labels lie in 0 .. 3, but there are 3 class names");
    bad.labels.clear();
    CHECK(refusal([&] { DumpWriter(path, bad, StoredType::half); }) == path + ": has no labels");
    CHECK(refusal([&] {
            DumpWriter(scratch.path("no/run.h5"), description(), StoredType::half)
                .write_epoch(0, {{"fc", {6, 3}, values(18, 1).data()}});
          }).rfind(scratch.path("no/run.h5") + ": the folder ", 0) == 0);
  }
}
