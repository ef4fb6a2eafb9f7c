// Maps and tokens pooled while they are read, against what NumPy made of them (tests/make_dumps.py).

#include <algorithm>
#include <cmath>

#include "snnl/dump/pooling_text.hpp"
#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Activations;
using snnl::dump::Options;
using snnl::dump::Pooled;
using snnl::dump::Reader;
using snnl::dump::Tokens;

namespace {

Options pooled(const std::string& pool, bool channels_last = false) {
  Options options;
  REQUIRE(snnl::dump::parse_pool(pool, options.pooling) == "");
  options.pooling.channels_last = channels_last;
  options.threads = 2;
  return options;
}

Options by_tokens(Tokens tokens) {
  Options options;
  options.pooling.tokens = tokens;
  return options;
}

/// Largest difference of two items, in units of the largest value; infinite where their shapes differ.
double difference(const Activations& a, const Activations& b) {
  if (columns(a) != columns(b) || a.rows != b.rows) return INFINITY;
  double most = 0, scale = 0;
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    for (std::size_t j = 0; j < columns(a); ++j) {
      most = std::max(most, std::abs(value(a, i, j) - value(b, i, j)));
      scale = std::max(scale, std::abs(value(b, i, j)));
    }
  }
  return most / scale;
}

constexpr double float_rounding = 0x1p-24, double_rounding = 0x1p-50;

}  // namespace

TEST_SUITE("pooling") {
  TEST_CASE("maps of any shape, type and storage, channels first or last") {
    const Reader expected = open("maps");
    for (const std::string how : {"mean", "max", "1x1", "2x2", "4x2", "3x7", "5x5"}) {
      const Reader reader = open("maps", pooled(how));
      for (const std::string name : {"plain", "odd", "bytes", "half", "wide", "one_place", "column"}) {
        CAPTURE(how);
        CAPTURE(name);
        const Activations found = reader.read(item(reader, name));
        const Activations right = expected.read(item(expected, name + "." + how));
        CHECK(difference(found, right) <= (name == "wide" ? double_rounding : float_rounding));
        CHECK(found.values.index() == (name == "wide" ? 1 : 0));
        CHECK(difference(reader.read(item(reader, name + ".last")), found) == 0);  // to the last bit
        const auto size = reader.size(item(reader, name));
        CHECK(size.features == columns(found));
        CHECK(size.samples == samples);
        CHECK(size.pooled == Pooled::maps);
      }
    }
  }

  TEST_CASE("layers of another number of axes are left as they are") {
    Options options = pooled("mean");
    options.pooling.tokens = Tokens::mean;
    const Reader reader = open("maps", options), plain = open("maps");
    check_values(reader.read(item(reader, "dense")), 0);
    CHECK(difference(reader.read(item(reader, "volume")), plain.read(item(plain, "volume"))) == 0);
    CHECK(reader.size(item(reader, "volume")).pooled == Pooled::no);
    CHECK(reader.size(item(reader, "volume")).features == 24);
  }

  TEST_CASE("the attribute of a dataset outweighs the option, which is for those without") {
    const Reader as_last = open("maps", pooled("mean", true)), plain = open("maps", pooled("mean"));
    CHECK(columns(as_last.read(item(as_last, "plain"))) == 4);  // [3, 6, 4], taken as height, width, channels
    CHECK(difference(as_last.read(item(as_last, "plain.last")), plain.read(item(plain, "plain"))) == 0);
  }

  TEST_CASE("an attribute that says something else is an error, where it matters") {
    const Reader reader = open("hidden", pooled("mean"));
    CHECK(read_error(reader, "strange") ==
          "hidden.h5:/epochs/0000/strange: its attribute 'data_format' is 'ncdhw'; write it as 'channels_first' (NCHW) "
          "or 'channels_last' (NHWC)");
    CHECK(read_error(reader, "number") ==
          "hidden.h5:/epochs/0000/number: its attribute 'data_format' does not hold strings; write it as an array of "
          "strings");
    const Reader plain = open("hidden");
    CHECK(columns(plain.read(item(plain, "strange"))) == 18);
  }

  TEST_CASE("epochs along an axis") {
    for (const std::string layout : {"/{layer}[{epoch}]", "/{layer}[:,{epoch}]"}) {
      Options options = pooled("mean");
      options.layout = layout;
      options.layers = {layout == "/{layer}[{epoch}]" ? "first" : "second"};
      Options means = with_layout("/{layer}[{epoch}]");
      means.layers = {"mean"};
      const Reader reader = open("map_epochs", options), expected = open("map_epochs", means);
      REQUIRE(reader.items().size() == 3);
      for (std::size_t epoch = 0; epoch < 3; ++epoch) {
        CHECK(difference(reader.read(reader.items()[epoch]), expected.read(expected.items()[epoch])) <= float_rounding);
      }
    }
  }

  TEST_CASE("an epoch whose means are all zero was written; one of zeros was not") {
    Options options = pooled("mean");
    options.layout = "/{layer}[{epoch}]";
    options.layers = {"part"};
    const Reader reader = open("map_epochs", options);
    const Activations zero = reader.read(reader.items()[1]);
    CHECK(value(zero, 3, 1) == 0);
    CHECK(message_of([&] { reader.read(reader.items()[2]); }) ==
          "map_epochs.h5:/part[2]: this epoch was never written (all zeros); leave it out with --epochs");
  }

  TEST_CASE("NaN and Inf are not pooled away") {
    for (const char* how : {"mean", "max", "2x2"}) {
      const Reader reader = open("hidden", pooled(how));
      CHECK(read_error(reader, "nan").find("1 row holds NaN or Inf (row 2)") != std::string::npos);
      CHECK(read_error(reader, "minus").find("1 row holds NaN or Inf (row 5)") != std::string::npos);
      CHECK(read_error(reader, "plus").find("1 row holds NaN or Inf (row 11)") != std::string::npos);
      Options drop = pooled(how);
      drop.nonfinite = snnl::dump::Nonfinite::drop;
      const Reader dropping = open("hidden", drop);
      const Activations rest = dropping.read(item(dropping, "minus"));
      CHECK(rest.dropped == 1);
      CHECK(rest.rows[5] == 6);
      CHECK(rest.labels[5] == 0);
      CHECK(value(rest, 5, 1) == 1);
      // Sums beyond the largest number are none of the file's faults.
      const Activations largest = reader.read(item(reader, "largest"));
      CHECK(value(largest, 1, 0) / std::numeric_limits<double>::max() >= 1 - double_rounding);
      CHECK(value(reader.read(item(reader, "largest_single")), 1, 0) == std::numeric_limits<float>::max());
    }
  }

  TEST_CASE("tokens") {
    const Reader expected = open("tokens");
    for (const auto& [tokens, suffix] :
         {std::pair{Tokens::mean, ".mean"}, {Tokens::first, ".first"}, {Tokens::last, ".last"}}) {
      const Reader reader = open("tokens", by_tokens(tokens));
      for (const std::string name : {"tokens", "zipped", "one"}) {
        CAPTURE(name);
        const Activations found = reader.read(item(reader, name));
        const double allowed = tokens == Tokens::mean ? float_rounding : 0;
        CHECK(difference(found, expected.read(item(expected, name + suffix))) <= allowed);
        CHECK(reader.size(item(reader, name)).features == columns(found));
        CHECK(reader.size(item(reader, name)).pooled == Pooled::tokens);
      }
      check_values(reader.read(item(reader, "dense")), 0);
    }
  }

  TEST_CASE("of tokens only those are looked at that are asked for") {
    const Reader first = open("tokens", by_tokens(Tokens::first)), mean = open("tokens", by_tokens(Tokens::mean));
    CHECK(first.read(item(first, "padded")).dropped == 0);
    CHECK(read_error(mean, "padded").find("1 row holds NaN or Inf (row 3)") != std::string::npos);
  }

  TEST_CASE("an option that applies to nothing is told") {
    Options options = pooled("4x2");
    options.pooling.tokens = Tokens::first;
    const auto unused = [&](const std::string& file) {
      const Reader reader = open(file, options);
      return snnl::dump::unused_pooling(reader, reader.items(), options.pooling);
    };
    const std::string pool =
        "--pool 4x2 applies to nothing: no layer has four axes, [samples, channels, height, width]";
    const std::string tokens =
        "--tokens first applies to nothing: no layer has three axes, [samples, tokens, features]";
    CHECK(unused("maps") == tokens);
    CHECK(unused("tokens") == pool);
    CHECK(unused("v1_plain") == pool + "; " + tokens);
    options.pooling = {};
    CHECK(unused("v1_plain") == "");
  }

  TEST_CASE("the size that is told is that of the features, and of one stretch on the way") {
    const Reader reader = open("maps", pooled("1024x1024"));
    CHECK(reader.size(item(reader, "plain")).features == 3 << 20);
    const Reader mean = open("maps", pooled("mean"));
    CHECK(mean.size(item(mean, "plain")).reading_bytes == samples * 3 * 6 * 4 * sizeof(float));
  }
}
