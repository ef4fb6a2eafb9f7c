// gzip is undone in the library, on several threads: the same bits as HDF5's own reading, or a message.

#include <algorithm>
#include <cstring>
#include <random>

#include "snnl/hdf5/chunks/filters.hpp"
#include "snnl/hdf5/chunks/reader.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/elements.hpp"
#include "snnl/hdf5/file.hpp"
#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
namespace dump = snnl::dump;
namespace hdf5 = snnl::hdf5;

namespace {

hdf5::Box whole(const hdf5::Dataset& dataset) {
  return {std::vector<std::size_t>(dataset.shape.size(), 0), dataset.shape};
}

/// The elements as they are stored, read by HDF5.
std::vector<unsigned char> stored_elements(const hdf5::Dataset& dataset, const hdf5::Box& box) {
  std::vector<unsigned char> bytes(box.elements() * H5Tget_size(dataset.type.get()), 0xaa);
  const hdf5::Handle file_space(H5Dget_space(dataset.id.get()));
  const std::vector<hsize_t> start(box.start.begin(), box.start.end());
  const std::vector<hsize_t> count(box.count.begin(), box.count.end());
  const hsize_t flat[] = {box.elements()};
  const hdf5::Handle memory_space(H5Screate_simple(1, flat, nullptr));
  REQUIRE(H5Sselect_hyperslab(file_space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) >= 0);
  REQUIRE(H5Dread(dataset.id.get(), dataset.type.get(), memory_space.get(), file_space.get(), H5P_DEFAULT,
                  bytes.data()) >= 0);
  return bytes;
}

/// Whether chunks give what HDF5 gives, for any number of threads.
void check_box(const hdf5::Dataset& dataset, const hdf5::Box& box) {
  const std::vector<unsigned char> expected = stored_elements(dataset, box);
  for (const std::size_t threads : {1u, 2u, 3u}) {
    std::vector<unsigned char> found(expected.size(), 0x55);
    REQUIRE(hdf5::read_gzip_chunks(dataset, box, threads, found.data()));
    CHECK_MESSAGE(found == expected, dataset.where, " with ", threads, " threads");
  }
}

template <class Value>
bool same_values(const dump::Activations& a, const dump::Activations& b) {
  const auto& x = std::get<Value>(a.values);
  const auto& y = std::get<Value>(b.values);
  return x.shape(0) == y.shape(0) && x.shape(1) == y.shape(1) &&
         std::memcmp(x.data(), y.data(), x.size() * sizeof(*x.data())) == 0;
}

bool same(const dump::Activations& a, const dump::Activations& b) {
  if (a.values.index() != b.values.index()) return false;
  return a.values.index() == 0 ? same_values<dump::Values<float>>(a, b) : same_values<dump::Values<double>>(a, b);
}

std::vector<std::string> layers(const dump::Reader& reader) {
  std::vector<std::string> names;
  for (const auto& one : reader.items()) names.push_back(one.layer);
  return names;
}

}  // namespace

TEST_CASE("gzip: chunks read here are those that HDF5 reads") {
  const hdf5::QuietErrors quiet;
  const hdf5::Handle file = hdf5::open_file(path("gzip"));
  std::size_t count = 0;
  for (const std::string& name : layers(open("gzip", with_layout("/{layer}")))) {
    CAPTURE(name);
    const hdf5::Dataset dataset = hdf5::open_dataset(file, "gzip.h5", std::string("/").append(name));
    check_box(dataset, whole(dataset));
    // Parts that begin and end within chunks.
    hdf5::Box part = whole(dataset);
    for (std::size_t axis = 0; axis < part.count.size(); ++axis) {
      part.start[axis] = part.count[axis] / 4;
      part.count[axis] = std::max<std::size_t>(1, part.count[axis] / 2);
    }
    check_box(dataset, part);
    ++count;
  }
  CHECK(count == 70);
}

TEST_CASE("gzip: every type becomes what it is without gzip") {
  for (const std::size_t threads : {1u, 3u}) {
    dump::Options options = with_layout("/{layer}");
    options.threads = threads;
    const dump::Reader zipped = open("gzip", options);
    const dump::Reader plain = open("types");
    std::size_t compared = 0;
    for (const auto& one : plain.items()) {
      for (const std::string prefix : {"type_", "plain_type_"}) {
        if (zipped.items().end() == std::find_if(zipped.items().begin(), zipped.items().end(),
                                                 [&](const auto& i) { return i.layer == prefix + one.layer; })) {
          continue;
        }
        CAPTURE(one.layer);
        CHECK(same(zipped.read(item(zipped, prefix + one.layer)), plain.read(one)));
        ++compared;
      }
    }
    CHECK(compared == 32);
  }
}

TEST_CASE("gzip: one epoch of an axis of epochs") {
  const hdf5::QuietErrors quiet;
  const hdf5::Handle file = hdf5::open_file(path("gzip_epochs"));
  for (const std::string name : {"first/one", "first/two", "first/all", "second/one", "second/two", "second/all"}) {
    CAPTURE(name);
    const std::size_t axis = name[0] == 'f' ? 0 : 1;
    const hdf5::Dataset dataset = hdf5::open_dataset(file, "gzip_epochs.h5", std::string("/").append(name));
    CHECK(dataset.complete != name.ends_with("one"));
    for (std::size_t epoch = 0; epoch < 3; ++epoch) {
      CAPTURE(epoch);
      hdf5::Box box = whole(dataset);
      box.start[axis] = epoch;
      box.count[axis] = 1;
      check_box(dataset, box);
    }
  }
}

TEST_CASE("gzip: chunks never written are left to HDF5") {
  const auto first = open("gzip_epochs", with_layout("/first/{layer}[{epoch}]"));
  const auto second = open("gzip_epochs", with_layout("/second/{layer}[:,{epoch}]"));
  CHECK(message_of([&] { first.read(item(first, "one", 3)); }) ==
        "gzip_epochs.h5:/first/one[3]: this epoch was never written (all zeros); leave it out with --epochs");
  CHECK(value(second.read(item(second, "one", 3)), 0, 0) == 7);  // the fill value
}

TEST_CASE("gzip: what is stored otherwise is left to HDF5") {
  const hdf5::QuietErrors quiet;
  const hdf5::Handle file = hdf5::open_file(path("not_for_us"));
  const dump::Reader reader = open("not_for_us", with_layout("/{layer}"));
  CHECK(reader.items().size() == 8);
  for (const auto& one : reader.items()) {
    CAPTURE(one.layer);
    const hdf5::Dataset dataset = hdf5::open_dataset(file, "not_for_us.h5", std::string("/").append(one.layer));
    const hdf5::Box box = whole(dataset);
    std::vector<unsigned char> bytes(box.elements() * H5Tget_size(dataset.type.get()));
    CHECK_FALSE(hdf5::read_gzip_chunks(dataset, box, 2, bytes.data()));
    if (one.layer != "lzf") check_values(reader.read(one), 0);
  }
  CHECK(read_error(reader, "lzf").find("install its plugin") != std::string::npos);
}

TEST_CASE("gzip: damage is told with its place, for any number of threads") {
  for (const std::size_t threads : {1u, 2u, 4u}) {
    dump::Options options = with_layout("/{layer}");
    options.threads = threads;
    const dump::Reader reader = open("gzip_damaged", options);
    CHECK(reader.items().size() == 14);
    for (const std::string& name : layers(reader)) {
      CAPTURE(name);
      const std::string reason = name == "checksum"                              ? "its checksum is wrong"
                                 : name.find("raw_") == 0 || name == "mask_lies" ? "it is of the wrong size"
                                                                                 : "its gzip data are damaged";
      std::string expected;
      if (name != "good") {
        expected.append("gzip_damaged.h5:/").append(name).append(": could not be read (chunk at [10, 0]: ");
        expected.append(reason).append("); the file seems to be damaged, copy or write it again");
      }
      CHECK(read_error(reader, name) == expected);
    }
  }
}

TEST_CASE("gzip: chunks with any bytes changed are read, or told, and nothing else") {
  std::mt19937 random(20);
  const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  const std::vector<std::vector<hdf5::FilterStep>> pipelines = {
      {{hdf5::ChunkFilter::deflate, 1}},
      {{hdf5::ChunkFilter::shuffle, 4}, {hdf5::ChunkFilter::deflate, 1}},
      {{hdf5::ChunkFilter::deflate, 1}, {hdf5::ChunkFilter::fletcher32, 1}},
      {{hdf5::ChunkFilter::fletcher32, 1}, {hdf5::ChunkFilter::shuffle, 3}, {hdf5::ChunkFilter::deflate, 1}},
      {{hdf5::ChunkFilter::deflate, 1}, {hdf5::ChunkFilter::shuffle, 2}},
  };
  const hdf5::QuietErrors quiet;
  const hdf5::Handle file = hdf5::open_file(path("gzip"));
  const hdf5::Dataset dataset = hdf5::open_dataset(file, "gzip.h5", "/level_4");
  const std::vector<hsize_t> origin{0, 0};
  hsize_t size = 0;
  REQUIRE(H5Dget_chunk_storage_size(dataset.id.get(), origin.data(), &size) >= 0);
  std::vector<unsigned char> good(size);
  std::uint32_t mask = 0;
  REQUIRE(H5Dread_chunk(dataset.id.get(), H5P_DEFAULT, origin.data(), &mask, good.data()) >= 0);
  constexpr std::size_t chunk_bytes = 5 * 77 * 4;
  std::size_t read = 0;
  std::size_t wrong = 0;
  for (const auto& steps : pipelines) {
    hdf5::ChunkDecoder decoder(steps, chunk_bytes);
    for (int repeat = 0; repeat < 2000; ++repeat) {
      std::vector<unsigned char> bytes = good;
      if (repeat % 3 == 0) bytes.resize(any(bytes.size() + 1));
      for (std::size_t flips = any(4); flips > 0 && !bytes.empty(); --flips) {
        bytes[any(bytes.size())] ^= static_cast<unsigned char>(1u << any(8));
      }
      // An exact allocation, so that a sanitizer sees a read beyond it.
      const std::vector<unsigned char> exact(bytes.begin(), bytes.end());
      const auto skipped = static_cast<std::uint32_t>(repeat % 5 == 0 ? any(8) : 0);
      try {
        wrong += decoder.decode(exact, skipped).size() != chunk_bytes;
        ++read;
      } catch (const snnl::Error&) {
      }
    }
  }
  CHECK(read > 100);  // where no bit was flipped
  CHECK(wrong == 0);
}
