// Image sets in IDX form, as they come and as they break.

#include "train/idx.hpp"

#include <doctest/doctest.h>

#include "snnl/error.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

std::string header(unsigned type, const std::vector<unsigned>& shape) {
  std::string out{'\0', '\0', static_cast<char>(type), static_cast<char>(shape.size())};
  for (const unsigned size : shape) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) out += static_cast<char>(size >> shift & 255);
  }
  return out;
}

void write_set(const Scratch& scratch, unsigned images, unsigned labels) {
  scratch.write("train-images-idx3-ubyte", header(8, {images, 2, 3}) + std::string(images * 6, '\x07'));
  scratch.write("train-labels-idx1-ubyte", header(8, {labels}) + std::string(labels, '\x02'));
}

/// What read_idx says of a file with these bytes, without its name.
std::string complaint(const Scratch& scratch, const std::string& bytes) {
  scratch.write("x", bytes);
  try {
    train::read_idx(scratch.path("x"));
  } catch (const snnl::Error& e) {
    return std::string(e.what()).substr(scratch.path("x").size());
  }
  return "";
}

}  // namespace

TEST_SUITE("train") {
  TEST_CASE("idx: plain and by gzip") {
    const Scratch scratch;
    write_set(scratch, 5, 5);
    const auto plain = train::read_image_set(scratch.folder().string(), "train");
    CHECK(plain.count == 5);
    CHECK(plain.height == 2);
    CHECK(plain.width == 3);
    CHECK(plain.pixels == std::vector<std::uint8_t>(30, 7));
    CHECK(plain.labels == std::vector<std::uint8_t>(5, 2));
    const run::Result packed = run::program("/bin/sh", {"-c", "gzip " + scratch.folder().string() + "/*"});
    REQUIRE(packed.status == 0);
    const auto unpacked = train::read_image_set(scratch.folder().string(), "train");
    CHECK(unpacked.pixels == plain.pixels);
    CHECK(unpacked.images_file == scratch.path("train-images-idx3-ubyte.gz"));
    // Cut off anywhere, or with other bytes than were packed, it is told, not taken.
    const std::string whole = scratch.read("train-images-idx3-ubyte.gz");
    for (std::size_t end = 0; end < whole.size(); ++end) CHECK(complaint(scratch, whole.substr(0, end)) != "");
    std::string damaged = whole;
    damaged[whole.size() - 6] = static_cast<char>(damaged[whole.size() - 6] ^ 0x55);  // in its checksum
    CHECK(complaint(scratch, damaged) == ": is truncated or damaged: it cannot be decompressed; fetch it again");
  }

  TEST_CASE("idx: what is wrong with a file") {
    const Scratch scratch;
    CHECK(complaint(scratch, "") == ": is empty");
    CHECK(complaint(scratch, "PNG and so on").rfind(": is not an IDX file", 0) == 0);
    CHECK(complaint(scratch, std::string(3, '\0')).rfind(": is not an IDX file", 0) == 0);
    CHECK(complaint(scratch, header(8, {})).rfind(": is not an IDX file", 0) == 0);
    CHECK(complaint(scratch, header(0x0D, {1})) == ": holds floats, expected unsigned bytes");
    CHECK(complaint(scratch, header(8, {1, 1, 1, 1, 1})) == ": has 5 axes, expected one to four");
    CHECK(complaint(scratch, header(8, {2, 2}).substr(0, 9)) == ": is truncated: its header takes 12 bytes");
    CHECK(complaint(scratch, header(8, {2, 2}) + "abc") == ": is truncated: its header tells 4 bytes, but 3 follow");
    CHECK(complaint(scratch, header(8, {2, 2}) + "abcde") ==
          ": goes on after its end: its header tells 4 bytes, but 5 follow");
    CHECK(complaint(scratch, header(8, {~0u, ~0u, ~0u, ~0u})) == ": is damaged: its header tells more than 16 GiB");
    CHECK(complaint(scratch, header(8, {0, 5})) == "");
    CHECK_THROWS_WITH(train::read_idx(scratch.path("gone")), (scratch.path("gone") + ": does not exist").c_str());
    CHECK_THROWS_AS(train::read_idx(scratch.folder().string()), snnl::Error);
  }

  TEST_CASE("idx: sets whose files do not fit") {
    const Scratch scratch;
    const std::string folder = scratch.folder().string();
    const auto refused = [&] {
      try {
        train::read_image_set(folder, "train");
      } catch (const snnl::Error& e) {
        return std::string(e.what());
      }
      return std::string();
    };
    CHECK(refused() == folder + ": holds neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz");
    CHECK_THROWS_AS(train::read_image_set(folder + "/none", "train"), snnl::Error);
    write_set(scratch, 5, 4);
    CHECK(refused() ==
          folder + "/train-labels-idx1-ubyte: holds 4 labels, but " + folder + "/train-images-idx3-ubyte 5 images");
    scratch.write("train-images-idx3-ubyte", header(8, {5}) + "abcde");
    CHECK(refused().find("has 1 axes, expected [images, height, width]") != std::string::npos);
    write_set(scratch, 0, 0);
    CHECK(refused() == folder + "/train-images-idx3-ubyte: holds no images");
  }
}
