// snnl-analyze --neighborhood, and what lays its numbers beside others.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/run.hpp"

using Json = nlohmann::json;

TEST_SUITE("cli") {
  TEST_CASE("--neighborhood: numbers of draws, whatever n is") {
    const std::string dump = std::string(SNNL_SOURCE_DIR) + "/testdata/digits_mlp.h5";
    const Json all = analyze::json_of({dump, "--epochs", "12"});
    const Json of_250 = analyze::json_of({dump, "--epochs", "12", "--neighborhood", "250", "--seed", "3"});
    CHECK(of_250["options"]["neighborhood"] == 250);
    CHECK(of_250["options"]["seed"] == 3);
    CHECK(all["options"]["neighborhood"].is_null());
    CHECK(all["options"]["seed"].is_null());
    for (std::size_t k = 0; k < all["items"].size(); ++k) {
      const Json &a = all["items"][k], &b = of_250["items"][k];
      CHECK(a["samples"] == 500);
      CHECK(b["samples"] == 500);
      // Fewer neighbours are farther, and more often of another class.
      CHECK(b["entanglement"].get<double>() > a["entanglement"].get<double>());
    }
    const run::Result table = analyze::run({dump, "--epochs", "12", "--neighborhood", "250"});
    CHECK(table.out.find("; n = 500 in neighbourhoods of 250)\n") != std::string::npos);
    const Json exact = analyze::json_of({dump, "--epochs", "12", "--neighborhood", "500"});
    for (std::size_t k = 0; k < all["items"].size(); ++k) {
      CHECK(exact["items"][k]["entanglement"] == all["items"][k]["entanglement"]);
      CHECK(exact["items"][k]["class_similarity"] == all["items"][k]["class_similarity"]);
    }
  }

  TEST_CASE("--neighborhood: what cannot be") {
    const std::string dump = std::string(SNNL_SOURCE_DIR) + "/testdata/digits_mlp.h5";
    const run::Result large = analyze::run({dump, "--epochs", "12", "--neighborhood", "501", "-q"});
    CHECK(large.status == 1);
    CHECK(large.err.find("500 samples are fewer than a neighbourhood of 501; choose a smaller one") !=
          std::string::npos);
    CHECK(analyze::refusal({dump, "--neighborhood", "100", "--rows", "50"}).find("--rows") != std::string::npos);
    CHECK(analyze::refusal({dump, "--neighborhood", "100", "--temperature-curve", "5"}).find("--temperature-curve") !=
          std::string::npos);
  }
}
