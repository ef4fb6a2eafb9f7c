// The recipe of docs/check.md for a CI that trains anew, with real trainings: an MLP on Fashion-MNIST.

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

constexpr const char* images = "/usr/share/datasets/fashion-mnist";

/// Trains on so many images, and analyses the last layer on 2,000 others, the same for every seed.
void train(const Scratch& scratch, const std::string& name, int seed, int count) {
  const std::string dump = scratch.path("run.h5");
  std::filesystem::remove(dump);
  const run::Result trained =
      run::program("snnl-train", {"--data", images, "--architecture", "mlp", "--epochs", "6", "--threads", "1",
                                  "--seed", std::to_string(seed), "--train-samples", std::to_string(count), "--dump",
                                  dump, "--dump-samples", "2000", "--dump-epochs", "0,4,5,6"});
  REQUIRE(trained.status == 0);
  REQUIRE(analyze::run({dump, "--layers", "logits", "--quiet", "--json", scratch.path(name)}).status == 0);
}

}  // namespace

TEST_SUITE("train") {
  TEST_CASE("snnl-check: the recipe passes another seed, and catches a loss of 5 % in the last layer") {
    if (!std::filesystem::exists(images)) {
      MESSAGE("passed over: there are no images");
      return;
    }
    const Scratch scratch;
    const std::string baselines = scratch.path("baselines");
    std::filesystem::create_directory(baselines);
    for (int seed = 0; seed < 8; ++seed) train(scratch, "baselines/" + std::to_string(seed) + ".json", seed, 10000);
    train(scratch, "another.json", 8, 10000);
    train(scratch, "fewer.json", 6, 7000);  // three images in ten are missing
    const auto judged = [&](const std::string& name, int status) {
      return check::json_of({scratch.path(name), "--baseline", baselines, "--direction", "entanglement:higher"},
                            status);
    };
    CHECK(judged("another.json", 0)["verdict"] == "pass");
    const nlohmann::json caught = judged("fewer.json", 1);
    CHECK(caught["comparisons"][0]["beyond_seeds"] == true);
    for (const nlohmann::json& one : caught["comparisons"]) {
      if (one["epoch"] != 6) continue;
      const double change = one["change"].get<double>() / one["old"].get<double>();
      CHECK(change > .03);
      CHECK(change < .07);  // it is a small loss
    }
  }
}
