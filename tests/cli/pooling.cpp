// --pool, --channels-last and --tokens of snnl-analyze and snnl-outliers; the files are of tests/make_dumps.py.

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "snnl/dump_writer.hpp"
#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/run.hpp"

using analyze::Json;

namespace {

std::vector<std::string> with(const std::string& file, std::vector<std::string> options) {
  options.insert(options.begin(), analyze::dump(file));
  return options;
}

/// The numbers of an item, without what names it and the options.
Json numbers(Json item) {
  for (const char* field : {"layer", "checksum", "digest"}) item.erase(field);
  return item;
}

/// A dump of three classes: `maps` [n, 3, 2, 2] of small whole numbers, and as `dense` what --pool or --tokens make of
/// them; as one or as two files.
void write_maps(const std::string& whole, const std::string& pooled, std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::int64_t> labels(n);
  std::vector<float> maps(n * 12), means(n * 3);
  for (std::size_t i = 0; i < n; ++i) {
    labels[i] = static_cast<std::int64_t>(i % 3);
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t k = 0; k < 4; ++k) {
        const float value = static_cast<float>(random() % 64 + (c == i % 3 ? 20 : 0));
        maps[(i * 3 + c) * 4 + k] = value;
        means[i * 3 + c] += value / 4;
      }
    }
  }
  snnl::dump::DumpDescription description;
  description.labels = labels;
  using snnl::dump::DumpWriter;
  using snnl::dump::StoredType;
  DumpWriter(whole, description, StoredType::single).write_epoch(0, {{"conv", {n, 3, 2, 2}, maps.data()}}, labels);
  DumpWriter(pooled, description, StoredType::single).write_epoch(0, {{"conv", {n, 3}, means.data()}}, labels);
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("--pool gives the numbers of maps that were pooled before they were written") {
    for (const std::string how : {"mean", "max", "4x2"}) {
      const Json analysis = analyze::json_of(with("maps", {"--pool", how, "--layers", "wide*"}));
      CHECK(analysis["options"]["pool"] == how);
      CHECK(analysis["options"]["channels_last"] == false);
      CHECK(analysis["options"]["tokens"] == "all");
      const Json &pooled = analyze::item(analysis, 0, "wide"), &before = analyze::item(analysis, 0, "wide." + how);
      CHECK(pooled["features"] == before["features"]);
      CHECK(std::abs(pooled["entanglement"].get<double>() - before["entanglement"].get<double>()) <= 1e-9);
      CHECK(numbers(analyze::item(analysis, 0, "wide.last")) == numbers(pooled));
    }
    const Json raw = analyze::json_of(with("maps", {"--layers", "wide"}));
    CHECK(raw["options"]["pool"] == "none");
    CHECK(analyze::item(raw, 0, "wide")["features"] == 54);
  }

  TEST_CASE("--pool none and --tokens all change nothing") {
    const Json plain = analyze::json_of(with("maps", {}));
    CHECK(analyze::json_of(with("maps", {"--pool", "none", "--tokens", "all"})) == plain);
  }

  TEST_CASE("what is pooled stands in the table's first line") {
    const run::Result result = analyze::run(with("maps", {"--pool", "4x2", "--layers", "plain"}));
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(lines_of(result.out)[0].ends_with("; n = 12; maps by 4x2)"));
    const run::Result tokens = analyze::run(with("tokens", {"--tokens", "first", "--layers", "tokens"}));
    CHECK(lines_of(tokens.out)[0].ends_with("; n = 12; tokens by first)"));
  }

  TEST_CASE("--pool and --tokens: what cannot be") {
    const std::string see = "; see snnl-analyze --help";
    const auto of = [&](const std::vector<std::string>& options) { return analyze::refusal(with("maps", options)); };
    CHECK(of({"--pool", "avg"}) == "--pool: 'avg' is not none, mean, max or a grid such as 4x4" + see);
    CHECK(of({"--pool", "2000x2"}) == "--pool: '2000x2' is a grid of more than 1024 cells along an axis" + see);
    CHECK(of({"--pool"}) == "--pool: none|mean|max|GxG is missing" + see);
    CHECK(of({"--channels-last"}) == "--channels-last requires --pool" + see);
    CHECK(of({"--tokens", "frist"}) == "--tokens: frist not in {all,mean,first,last}; did you mean 'first'?");
  }

  TEST_CASE("an option that applies to nothing is told, on stderr, and nothing fails") {
    const run::Result result = analyze::run(with("maps", {"--pool", "mean", "--layers", "dense", "--tokens", "last"}));
    CHECK(lines_of(result.out)[0].find("maps by") == std::string::npos);
    CHECK(lines_of(result.out)[0].find("tokens by") == std::string::npos);
    CHECK(result.status == 0);
    CHECK(result.err ==
          "snnl-analyze: --pool mean applies to nothing: no layer has four axes, [samples, channels, height, width]; "
          "--tokens last applies to nothing: no layer has three axes, [samples, tokens, features]\n");
    CHECK(analyze::run(with("maps", {"--pool", "mean", "--layers", "dense", "-q"})).err == "");
  }

  TEST_CASE("an item whose axes are described strangely is in error") {
    const run::Result result = analyze::run(with("hidden", {"--pool", "mean", "--layers", "strange", "-q"}));
    CHECK(result.status == 1);
    const auto lines = analyze::error_lines(result, 1);
    CHECK(lines[0].find(":/epochs/0000/strange: its attribute 'data_format' is 'ncdhw'; write it as") !=
          std::string::npos);
  }

  TEST_CASE("--resume computes anew what was pooled otherwise, and keeps what was pooled so") {
    const Scratch scratch;
    const std::string json = scratch.path("a.json");
    const auto resumed = [&](const std::string& how) {
      return analyze::run(with("maps", {"--layers", "plain", "--pool", how, "--json", json, "--resume"}));
    };
    CHECK(resumed("mean").err == "");
    CHECK(resumed("mean").err == "");
    CHECK(resumed("max").err.find("it was made with another --pool, which was mean; everything is computed anew") !=
          std::string::npos);
  }

  TEST_CASE("analyses that were pooled differently do not compare") {
    const Scratch scratch;
    for (const std::string how : {"mean", "max"}) {
      const run::Result made =
          analyze::run(with("maps", {"--layers", "plain", "--pool", how, "--json", scratch.path(how), "-q"}));
      REQUIRE(made.status == 0);
    }
    const Json verdict = check::json_of({scratch.path("mean"), "--baseline", scratch.path("max")}, 2);
    CHECK(verdict["differences"] == Json::array({"pool: mean, max in the baseline"}));
  }

  TEST_CASE("snnl-outliers --pool: training and query sets alike, as if they had been written so") {
    const Scratch scratch;
    for (const auto& [name, n, seed] : {std::tuple{"train", 90u, 1u}, {"cal", 30u, 2u}, {"test", 30u, 3u}}) {
      write_maps(scratch.path(std::string(name) + ".h5"), scratch.path(std::string(name) + "_pooled.h5"), n, seed);
    }
    const auto outliers = [&](const std::string& which, std::vector<std::string> more) {
      std::vector<std::string> all{"--train", scratch.path("train" + which + ".h5"), "-k", "9"};
      for (const char* set : {"cal", "test"}) {
        all.push_back(std::string(set) == "cal" ? "--calibration" : "--test");
        all.push_back(scratch.path(set + which + ".h5"));
      }
      all.insert(all.end(), more.begin(), more.end());
      return run::program("snnl-outliers", all);
    };
    const auto json_of = [&](const std::string& which, std::vector<std::string> more) {
      more.insert(more.end(), {"--json", scratch.path("out.json"), "-q"});
      const run::Result result = outliers(which, more);
      CHECK(result.err == "");
      REQUIRE(result.status == 0);
      CHECK(analyze::schema_complaint({scratch.path("out.json")}, "snnl.outliers-1") == "");
      return Json::parse(scratch.read("out.json"));
    };
    Json pooled = json_of("", {"--pool", "mean"}), before = json_of("_pooled", {}), raw = json_of("", {});
    CHECK(pooled["options"]["pool"] == "mean");
    CHECK(before["options"]["pool"] == "none");
    for (Json* one : {&pooled, &before, &raw}) (*one)["test"].erase("file");
    CHECK(pooled["test"] == before["test"]);
    CHECK(pooled["test"]["nonconformity"] != raw["test"]["nonconformity"]);
    CHECK(lines_of(outliers("", {"--pool", "mean"}).out)[0] ==
          "epoch 0, k = 9, cosine; maps by mean; predictions by /predictions/{epoch}");
    const run::Result nothing = outliers("_pooled", {"--pool", "mean"});
    CHECK(nothing.status == 0);
    CHECK(
        nothing.err ==
        "snnl-outliers: --pool mean applies to nothing: no layer has four axes, [samples, channels, height, width]\n");
  }

  TEST_CASE("snnl-inspect asks how maps and tokens are meant, and names the options") {
    const run::Result maps = run::program("snnl-inspect", with("maps", {}));
    const std::string pooled = "; pool them by --pool mean";
    CHECK(maps.status == 0);
    const auto has_line = [](const run::Result& result, const std::string& begin, const std::string& end) {
      for (const std::string& line : lines_of(result.out)) {
        if (line.rfind(begin, 0) == 0 && line.ends_with(end)) return true;
      }
      return false;
    };
    CHECK(has_line(maps, "  bytes, bytes.last, column, ", pooled));
    CHECK(has_line(run::program("snnl-inspect", with("tokens", {})),
                   "  padded, tokens, zipped: ", "; pool them by --tokens mean"));
    CHECK(run::program("snnl-inspect", {analyze::testdata("digits_mlp.h5")}).out.find("--pool") == std::string::npos);
  }

  TEST_CASE("snnl-inspect --json: the questions, the layers that they are on, and the attribute") {
    const run::Result result = run::program("snnl-inspect", with("maps", {"--json", "-"}));
    const Json inspection = Json::parse(result.out);
    std::string first, guessed;
    for (const Json& question : inspection["questions"]) {
      CHECK(question["rank"] == 4);
      for (const Json& layer : question["layers"]) {
        (question["options"].size() == 2 ? first : guessed).append(layer.get<std::string>() + " ");
      }
    }
    // Not those of one place, nor dense ones; "half" alone has square maps without an attribute, channels first.
    CHECK(first == "bytes bytes.last column column.last half half.last odd odd.last plain plain.last wide wide.last ");
    CHECK(guessed == "");
    for (const Json& dataset : inspection["datasets"]) {
      if (dataset["path"] == "/epochs/0000/bytes.last") CHECK(dataset["data_format"] == "NHWC");
      if (dataset["path"] == "/epochs/0000/bytes") CHECK(dataset["data_format"].is_null());
    }
  }
}
