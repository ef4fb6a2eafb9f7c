// --standardize and --whiten of snnl-analyze and snnl-outliers.

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "snnl/dump_writer.hpp"
#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"

using analyze::Json;

namespace {

constexpr std::size_t layer_width = 6;

/// A dump of three classes; `change(i, f, value)` is what stands for a feature of it.
template <class Change>
void write_layer(const std::string& file, std::size_t n, unsigned seed, const Change& change) {
  std::mt19937 random(seed);
  std::vector<std::int64_t> labels(n);
  std::vector<double> values(n * layer_width);
  for (std::size_t i = 0; i < n; ++i) {
    labels[i] = static_cast<std::int64_t>(i % 3);
    for (std::size_t f = 0; f < layer_width; ++f) {
      const double value = static_cast<double>(random() % 1000) / 500 + (f == i % 3 ? 1 : 0);
      values[i * layer_width + f] = change(f, value);
    }
  }
  snnl::dump::DumpDescription description;
  description.labels = labels;
  const std::vector<float> single(values.begin(), values.end());
  snnl::dump::DumpWriter(file, description, snnl::dump::StoredType::single)
      .write_epoch(0, {{"fc", {n, layer_width}, single.data()}}, labels);
}

double as_it_is(std::size_t, double value) { return value; }
/// Another unit and offset for each feature, by powers of two.
double in_other_units(std::size_t f, double value) { return value * std::ldexp(1., 5 * static_cast<int>(f)) - 8; }

double entanglement_of(const std::string& file, std::vector<std::string> options) {
  options.insert(options.begin(), file);
  return analyze::item(analyze::json_of(options), 0, "fc")["entanglement"].get<double>();
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("--standardize and --whiten: units and offsets of features do not matter") {
    const Scratch scratch;
    const std::string plain = scratch.path("plain.h5"), other = scratch.path("other.h5");
    write_layer(plain, 300, 1, as_it_is);
    write_layer(other, 300, 1, in_other_units);
    CHECK(std::abs(entanglement_of(plain, {}) - entanglement_of(other, {})) > .1);
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--standardize"}, std::vector<std::string>{"--whiten", "pca"}}) {
      CHECK(entanglement_of(plain, options) == doctest::Approx(entanglement_of(other, options)).epsilon(1e-5));
      CHECK(std::abs(entanglement_of(plain, options) - entanglement_of(plain, {})) > 1e-3);
    }
    CHECK(entanglement_of(plain, {"--whiten", "none"}) == entanglement_of(plain, {}));
  }

  TEST_CASE("--standardize: recorded, counted, told in the table; kept by --resume") {
    const std::vector<std::string> how{analyze::cli_dump("dominated"), "--ignore-label", "-100", "--standardize"};
    const Json analysis = analyze::json_of(how);
    CHECK(analysis["options"]["standardize"] == true);
    CHECK(analysis["options"]["whiten"] == "none");
    const Json& half = analyze::item(analysis, 1, "half_constant");
    CHECK(half["changed_features"] == Json{{"features", 24}, {"constant", 12}, {"dropped", 0}});
    CHECK(half["features"] == 24);
    CHECK(half["dominance"]["constant_features"] == 12);
    CHECK(analyze::item(analysis, 1, "one_unit")["dominance"]["features"].empty());
    CHECK(analyze::item(analysis, 1, "sound")["changed_features"]["constant"] == 0);
    const run::Result table = analyze::run(how);
    CHECK(table.status == 0);
    CHECK(table.err == "");
    CHECK(lines_of(table.out)[0].ends_with("; features standardised)"));
    CHECK(table.out.find("one_unit, epoch") == std::string::npos);

    const Scratch scratch;
    const std::string json = scratch.path("a.json");
    std::vector<std::string> again = how;
    again.insert(again.end(), {"-q", "--json", json});
    CHECK(analyze::run(again).status == 0);
    const std::string before = read_text(json);
    again.push_back("--resume");
    const run::Result kept = analyze::run(again);
    CHECK(kept.err == "");
    CHECK(read_text(json) == before);
    again.erase(again.begin() + 3);  // --standardize
    CHECK(analyze::run(again).status == 0);
    CHECK(Json::parse(read_text(json))["items"] != Json::parse(before)["items"]);
  }

  TEST_CASE("--whiten pca: components, and notes on what is left out and on few samples") {
    const Json analysis = analyze::json_of({analyze::cli_dump("dominated"), "--ignore-label", "-100", "--whiten", "pca",
                                            "--layers", "sound,half_constant,onehot"});
    CHECK(analysis["options"]["whiten"] == "pca");
    const Json& half = analyze::item(analysis, 1, "half_constant");
    CHECK(half["changed_features"] == Json{{"features", 24}, {"constant", 12}, {"dropped", 0}});
    CHECK(half["features"] == 12);
    const Json& onehot = analyze::item(analysis, 1, "onehot");  // whose rows sum to 1
    CHECK(onehot["changed_features"] == Json{{"features", 4}, {"constant", 0}, {"dropped", 1}});
    CHECK(onehot["features"] == 3);
    const run::Result table = analyze::run(
        {analyze::cli_dump("dominated"), "--ignore-label", "-100", "--whiten", "pca", "--layers", "onehot"});
    CHECK(lines_of(table.out)[0].ends_with("; features whitened)"));
    CHECK(
        table.out.find("  ! onehot, epoch 1: 1 of 4 features are sums of the others, but for rounding; whitening kept "
                       "3 components (2 epochs are so)\n") != std::string::npos);

    const Scratch scratch;
    write_layer(scratch.path("few.h5"), 24, 1, as_it_is);
    const run::Result few = analyze::run({scratch.path("few.h5"), "--whiten", "pca"});
    CHECK(few.status == 0);
    CHECK(few.out.find("  ! fc, epoch 0: 24 samples for 6 whitened components; with fewer than 10 for each, whitened "
                       "distances become alike\n") != std::string::npos);
    write_layer(scratch.path("least.h5"), 7, 1, as_it_is);
    const run::Result least = analyze::run({scratch.path("least.h5"), "--whiten", "pca"});
    CHECK(least.status == 1);
    CHECK(analyze::error_lines(least)[0].ends_with(
        "least.h5:/epochs/0000/fc: 7 samples vary along 6 components: whitened, all their distances are equal; take "
        "more samples, or pool the features first"));
  }

  TEST_CASE("--standardize and --whiten: analyses that differ in them do not compare; usage") {
    const Scratch scratch;
    write_layer(scratch.path("a.h5"), 90, 1, as_it_is);
    const auto analysis = [&](const char* name, std::vector<std::string> options) {
      options.insert(options.end(), {scratch.path("a.h5"), "-q", "--json", scratch.path(name)});
      CHECK(analyze::run(options).status == 0);
      return scratch.path(name);
    };
    const std::string plain = analysis("plain.json", {}), scaled = analysis("scaled.json", {"--standardize"}),
                      whitened = analysis("whitened.json", {"--whiten", "pca"});
    const run::Result compared = check::run({scaled, "--baseline", plain});
    CHECK(compared.status != 0);
    CHECK((compared.out + compared.err).find("features: standardised, as they are in the baseline") !=
          std::string::npos);
    CHECK(check::run({scaled, "--baseline", whitened}).status != 0);
    CHECK(check::run({scaled, "--baseline", analysis("again.json", {"--standardize"})}).status == 0);
    CHECK(analyze::refusal({scratch.path("a.h5"), "--standardize", "--whiten", "pca"}).find("--whiten") !=
          std::string::npos);
    CHECK(analyze::refusal({scratch.path("a.h5"), "--whiten", "zca"}).find("--whiten") != std::string::npos);
  }

  TEST_CASE("an offset that float does not hold changes no distance, plain, standardised or whitened") {
    const std::string near = analyze::cli_dump("wide"), far = analyze::cli_dump("wide_far_off");
    const auto supports = [](const std::string& file, std::vector<std::string> options) {
      options.insert(options.end(), {"--train", file + "@0:150", "--calibration", file + "@150:225", "--test",
                                     file + "@225:", "-k", "7", "--distance", "sqeuclidean", "--json", "-"});
      const run::Result result = run::program("snnl-outliers", options);
      CHECK(result.err == "");
      REQUIRE(result.status == 0);
      return Json::parse(result.out)["test"]["support"];
    };
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, {"--standardize"}, {"--whiten", "pca"}}) {
      CHECK(supports(near, options) == supports(far, options));
      const auto value = [&](const std::string& file) {
        std::vector<std::string> arguments = options;
        arguments.insert(arguments.begin(), file);
        return analyze::item(analyze::json_of(arguments), 0, "x")["entanglement"].get<double>();
      };
      CHECK(value(near) == doctest::Approx(value(far)).epsilon(1e-6));
    }
  }

  TEST_CASE("--standardize and --whiten of snnl-outliers are fitted to the training samples") {
    const Scratch scratch;
    const std::string plain = scratch.path("plain.h5"), other = scratch.path("other.h5");
    write_layer(plain, 600, 2, as_it_is);
    write_layer(other, 600, 2, in_other_units);
    const auto judged = [&](const std::string& file, std::vector<std::string> options) {
      options.insert(options.end(), {"--train", file + "@0:300", "--calibration", file + "@300:450", "--test",
                                     file + "@450:", "-k", "9", "--predictions", "votes", "--json", "-"});
      const run::Result result = run::program("snnl-outliers", options);
      CHECK(result.status == 0);
      CHECK(result.err == "");
      Json out = Json::parse(result.out);
      return out;
    };
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--standardize"}, std::vector<std::string>{"--whiten", "pca"}}) {
      const Json a = judged(plain, options), b = judged(other, options);
      CHECK(a["options"]["standardize"] == (options[0] == "--standardize"));
      CHECK(a["options"]["whiten"] == (options[0] == "--whiten" ? "pca" : "none"));
      CHECK(a["test"]["accuracy"].get<double>() == doctest::Approx(b["test"]["accuracy"].get<double>()).epsilon(.02));
    }
    CHECK(judged(plain, {})["test"]["accuracy"] != judged(other, {})["test"]["accuracy"]);
  }
}
