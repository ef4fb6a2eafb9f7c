// snnl-check with the baselines of several seeds.

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/scratch.hpp"

using check::Json;

namespace {

const Json& one_run() {
  static const Json run = [] {
    const run::Result result = analyze::run({analyze::testdata("digits_mlp.h5"), "--json", "-"});
    return Json::parse(result.out);
  }();
  return run;
}

/// As of another seed: every entanglement times `factor`, but at epoch 0 times its third power.
Json seed(double factor) {
  Json out = one_run();
  for (Json& item : out["items"]) {
    const double by = item["epoch"] == 0 ? factor * factor * factor : factor;
    item["entanglement"] = by * item["entanglement"].get<double>();
  }
  return out;
}

/// A folder "base" with the runs of some seeds, whose standard deviation is 2 % over 5 epochs that move together, and
/// run.json.
struct Seeds {
  Scratch scratch;
  std::string folder = scratch.path("base"), current = scratch.path("run.json");

  explicit Seeds(const Json& edited, const std::vector<double>& factors = {.98, 1, 1.02}) {
    std::filesystem::create_directory(folder);
    for (std::size_t k = 0; k < factors.size(); ++k) {
      scratch.write("base/seed" + std::to_string(k) + ".json", seed(factors[k]).dump());
    }
    scratch.write("run.json", edited.dump());
  }
  std::string base(int k) const { return scratch.path("base/seed" + std::to_string(k) + ".json"); }
};

const Json& of(const Json& result, int epoch, const std::string& layer) {
  for (const Json& one : result["comparisons"]) {
    if (one["epoch"] == epoch && one["layer"] == layer) return one;
  }
  FAIL("not compared");
  return result;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("check: the limit is how far another seed may be from the mean of several") {
    const Seeds seeds(seed(1.07));
    const Json result = check::json_of({seeds.current, "--baseline", seeds.folder}, 0);
    CHECK(result["baseline"].is_null());
    CHECK(result["baselines"] == Json({seeds.base(0), seeds.base(1), seeds.base(2)}));
    CHECK(result["start_left_out"] == true);
    CHECK(of(result, 0, "fc1")["verdict"] == "skipped");
    const Json& spread = result["spreads"]["fc1"];
    CHECK(spread["runs"] == 3);
    CHECK(spread["epochs"] == 5);
    CHECK(spread["share"].get<double>() == doctest::Approx(.02).epsilon(1e-3));
    CHECK(spread["degrees"].get<double>() == doctest::Approx(2).epsilon(1e-3));
    const Json& one = of(result, 12, "fc1");
    CHECK(one["limit_of"] == "seeds");
    CHECK(one["beyond_seeds"] == false);
    // Student's t of 2 degrees of freedom at 1 - .005 / 4, of four layers: R, qt(1 - .005 / 4, 2).
    CHECK(one["limit"].get<double>() / one["old"].get<double>() ==
          doctest::Approx(19.962481 * .02 * std::sqrt(4. / 3)).epsilon(1e-3));

    // The mean of the three is what it is held against; beside a tolerance the spread is still told of.
    CHECK(one["old"].get<double>() ==
          doctest::Approx(
              of(check::json_of({seeds.base(1), "--baseline", seeds.base(0), "--tolerance", "entanglement:50%"}, 0), 12,
                 "fc1")["new"]
                  .get<double>()));
    const Json strict = check::json_of(
        {seeds.current, "--baseline", seeds.base(0), seeds.base(1), seeds.base(2), "--tolerance", "entanglement:5%"},
        1);
    CHECK(of(strict, 12, "fc1")["verdict"] == "fail");
    CHECK(of(strict, 12, "fc1")["limit_of"] == "tolerance");
    CHECK(of(strict, 12, "fc1")["beyond_seeds"] == false);
  }

  TEST_CASE("check: more seeds make the limit smaller, and the verdict says which noise a change exceeds") {
    Json worse = seed(1);
    for (Json& item : worse["items"]) {
      if (item["layer"] == "logits") item["entanglement"] = 1.25 * item["entanglement"].get<double>();
    }
    const Seeds seeds(worse, {.98, .99, 1, 1.01, 1.02, .985, 1.015, 1.001});
    const run::Result result = check::run({seeds.current, "--baseline", seeds.folder});
    CHECK(result.status == 1);
    const std::vector<std::string> lines = lines_of(result.out);
    CHECK(lines[1].find("logits") != std::string::npos);
    CHECK(lines[1].find("FAIL: beyond the spread between seeds, ") != std::string::npos);
    CHECK(result.out.find(
              "\n  epoch 0 was left out, as before training seeds share nothing; '--epochs :' compares it\n") !=
          std::string::npos);
    CHECK(result.out.find("standard deviation between 8 seeds over 5 epochs: fc1 1.4 %, ") != std::string::npos);
    CHECK(lines.back().rfind("failed: 20 comparisons, ", 0) == 0);
    // Asked for by name, epoch 0 is compared as all others are.
    const Json all = check::json_of({seeds.current, "--baseline", seeds.folder, "--epochs", ":"}, 1);
    CHECK(all["start_left_out"] == false);
    CHECK(of(all, 0, "fc1")["verdict"] != "skipped");
  }

  TEST_CASE("check: --update adds to a set of baselines") {
    const Seeds seeds(seed(1.03), {.98});
    const run::Result second = check::run({seeds.current, "--baseline", seeds.folder, "--update"});
    CHECK(second.status == 0);
    CHECK(lines_of(second.out).back() == "2 baselines; 3 tell the spread");
    CHECK(seeds.scratch.read("base/run.json") == seeds.scratch.read("run.json"));
    seeds.scratch.write("more.json", seed(1.01).dump());
    const std::string third = seeds.scratch.path("third.json"), more = seeds.scratch.path("more.json");
    const run::Result named = check::run({more, "--baseline", seeds.folder, third, "--update"});
    CHECK(named.status == 2);  // two places it could go to
    const run::Result listed =
        check::run({more, "--baseline", seeds.base(0), seeds.scratch.path("base/run.json"), third, "--update"});
    CHECK(listed.status == 0);
    CHECK(lines_of(listed.out).back() == "3 baselines");
    CHECK(seeds.scratch.read("third.json") == seeds.scratch.read("more.json"));
    // Now they judge.
    seeds.scratch.write("new.json", seed(1.02).dump());
    CHECK(check::run({seeds.scratch.path("new.json"), "--baseline", seeds.folder, third}).status == 0);
    // Replacing the one of its name in the folder shows what changes.
    seeds.scratch.write("run.json", seed(1.05).dump());
    const run::Result again = check::run({seeds.current, "--baseline", seeds.folder, "--update"});
    CHECK(again.status == 0);
    CHECK(again.out.find("replaced " + seeds.folder + "/run.json\n") != std::string::npos);
    CHECK(seeds.scratch.read("base/run.json") == seeds.scratch.read("run.json"));
  }

  TEST_CASE("check: sets of baselines that tell no spread are refused") {
    const Seeds seeds(seed(1.01));
    CHECK(check::refusal({seeds.current, "--baseline", seeds.base(0), seeds.base(1)}) ==
          "--baseline: 2 runs do not tell how much another may differ; give one, or the runs of 3 seeds or more");
    CHECK(check::refusal({seeds.current, "--baseline", seeds.base(0), seeds.base(1), seeds.base(1)}) ==
          seeds.base(1) + ": has the numbers of " + seeds.base(1) +
              ": it is the same run; give each run once, and trainings of several seeds");
    CHECK(check::refusal({seeds.current, "--baseline", seeds.base(0), seeds.scratch.path("gone.json")}) ==
          seeds.scratch.path("gone.json") + ": does not exist; snnl-check --update writes it");
    CHECK(check::refusal({seeds.current, "--baseline", seeds.base(0), seeds.base(1), "--update"}) ==
          "--update: of 2 baselines, none is missing; name one that does not exist, which is added; or one alone, "
          "which is replaced");
    seeds.scratch.write("same.json", seed(1).dump());
    CHECK(check::refusal({seeds.scratch.path("same.json"), "--baseline", seeds.folder, "--update"}) ==
          seeds.scratch.path("same.json") + ": has the numbers of " + seeds.base(1) +
              ": it is the same run; give each run once, and trainings of several seeds");
    Json cosine = seed(.97);
    cosine["options"]["distance"] = "cosine";
    seeds.scratch.write("base/cosine.json", cosine.dump());
    CHECK(check::refusal({seeds.current, "--baseline", seeds.folder}) ==
          seeds.base(0) + ": cannot be compared with " + seeds.scratch.path("base/cosine.json") +
              ", which is a baseline beside it: distance: sqeuclidean, cosine there");
    CHECK(seeds.scratch.has("base/same.json") == false);
  }

  TEST_CASE("check: an item that is not in all baselines is in error, and says in which") {
    const Seeds seeds(seed(1.01));
    Json fewer = seed(.99);
    fewer["items"].erase(fewer["items"].size() - 1);
    seeds.scratch.write("base/seed2.json", fewer.dump());
    const Json result = check::json_of({seeds.current, "--baseline", seeds.folder}, 1);
    CHECK(of(result, 12, "logits")["verdict"] == "error");
    CHECK(of(result, 12, "logits")["message"] == "is in error in the baseline: " + seeds.base(2) + " has no such item");
  }

  TEST_CASE("check: a configuration names several baselines") {
    const Seeds seeds(seed(1.01));
    seeds.scratch.write("check.json", R"({"schema": "snnl.check-config/1",
      "baseline": ["base/seed0.json", "base/seed1.json", "base/seed2.json"], "direction": ["entanglement:higher"]})");
    const Json result = check::json_of({seeds.current, "--config", seeds.scratch.path("check.json")}, 0);
    CHECK(result["baselines"].size() == 3);
    CHECK(of(result, 12, "fc1")["limit_of"] == "seeds");
  }
}
