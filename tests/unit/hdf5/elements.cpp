#include <cmath>

#include "snnl/hdf5/half.hpp"
#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Nonfinite;
using snnl::dump::Options;
using snnl::dump::Reader;

TEST_CASE("element types") {
  const Reader reader = open("types");
  REQUIRE(reader.items().size() == 23);
  for (const auto& one : reader.items()) {
    CAPTURE(one.layer);
    const auto activations = reader.read(one);
    REQUIRE(columns(activations) == features);
    bool right = true;
    for (std::size_t row = 0; row < samples; ++row) {
      for (std::size_t column = 0; column < features; ++column) {
        const auto number = static_cast<double>(8 * row + column);
        const double expected = one.layer == "bool" ? (std::fmod(number, 2) == 0 ? 1 : 0) : number;
        right = right && value(activations, row, column) == expected;
      }
    }
    CHECK(right);
    const bool wide =
        one.layer.find('4') != std::string::npos ? one.layer[0] != 'f' : one.layer.find('8') != std::string::npos;
    CHECK(activations.values.index() == (wide ? 1 : 0));
  }
}

TEST_CASE("every float16 and bfloat16, read from a file") {
  Options options;
  options.nonfinite = Nonfinite::drop;
  const Reader reader = open("all_halves", options);
  const auto check = [&](const std::string& layer, std::size_t dropped, float (*convert)(std::uint16_t)) {
    const auto activations = reader.read(item(reader, layer));
    CHECK(activations.dropped == dropped);
    REQUIRE(activations.rows.size() == 1024 - dropped);
    bool right = true;
    for (std::size_t i = 0; i < activations.rows.size(); ++i) {
      for (std::size_t j = 0; j < 64; ++j) {
        const auto word = static_cast<std::uint16_t>(64 * activations.rows[i] + j);
        right = right && value(activations, i, j) == static_cast<double>(convert(word));
      }
    }
    CHECK(right);
  };
  // Exponents of all ones: 2 * 1024 words of float16, 2 * 128 of bfloat16, 64 to a row.
  check("f2", 32, snnl::hdf5::half_to_float);
  check("bf16", 4, snnl::hdf5::bfloat16_to_float);
}

TEST_CASE("a float16 dataset of many chunks") {
  const Reader reader = open("large");
  const auto activations = reader.read(reader.items()[0]);
  bool right = true;
  for (std::size_t row = 0; row < 300; ++row) {
    for (std::size_t column = 0; column < 5000; ++column) {
      right = right && value(activations, row, column) == static_cast<double>(row + column % 512);
    }
  }
  CHECK(right);
}

TEST_CASE("unsupported types are named") {
  const Reader reader = open("unsupported");
  const auto message = [&](const std::string& layer, const std::string& part) {
    const std::string text = read_error(reader, layer);
    CAPTURE(text);
    CHECK(text.starts_with("unsupported.h5:/epochs/0000/" + layer + ": holds " + part + ", not real numbers; "));
  };
  message("text", "strings");
  message("vlen_text", "strings");
  message("compound", "compound records");
  message("complex", "complex numbers");
  message("enum", "an enumeration");
  message("array", "arrays as elements");
  message("ragged", "lists of varying length");
  check_values(reader.read(item(reader, "good")), 0);
}

TEST_CASE("NaN and Inf are errors that name rows") {
  const Reader reader = open("nonfinite");
  for (const char* layer : {"f2", "f4", "f8"}) {
    CHECK(read_error(reader, layer) == std::string("nonfinite.h5:/epochs/0000/") + layer +
                                           ": 3 rows hold NaN or Inf (rows 3, 7, 11); use --nonfinite drop of "
                                           "snnl-analyze to leave them out");
  }
  CHECK(read_error(reader, "one").find(": 1 row holds NaN or Inf (row 4); use") != std::string::npos);
  CHECK(read_error(reader, "many").find(": 9 rows hold NaN or Inf (rows 2, 3, 4, 5, 6, ...); use") !=
        std::string::npos);
  check_values(reader.read(item(reader, "good")), 0);
}

TEST_CASE("NaN and Inf can be dropped") {
  Options options;
  options.nonfinite = Nonfinite::drop;
  const Reader reader = open("nonfinite", options);
  for (const char* layer : {"f4", "f8"}) {
    const auto activations = reader.read(item(reader, layer));
    CHECK(activations.dropped == 3);
    CHECK(activations.rows == std::vector<std::size_t>{0, 1, 2, 4, 5, 6, 8, 9, 10});
    CHECK(activations.labels == std::vector<std::int32_t>{0, 1, 2, 1, 2, 0, 2, 0, 1});
    check_values(activations, 0);
  }
  CHECK(reader.read(item(reader, "f2")).dropped == 3);
  CHECK(reader.read(item(reader, "good")).dropped == 0);
  CHECK(read_error(reader, "all") ==
        "nonfinite.h5:/epochs/0000/all: all rows hold NaN or Inf; nothing is left to analyse");
}
