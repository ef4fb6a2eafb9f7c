// Entanglement at temperatures from 2^-20 to 2^10 times the mean distance against testdata/reference_values.json.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "snnl/dump_reader.hpp"
#include "snnl/entanglement.hpp"
#include "snnl/text/number.hpp"
#include "support/analyze.hpp"

using analyze::Json;

namespace {

Json reference_dumps() { return Json::parse(read_text(analyze::testdata("reference_values.json")))["dumps"]; }

bool within(double value, double expected) { return std::abs(value - expected) <= 1e-5 * std::max(1., expected); }

}  // namespace

TEST_SUITE("cli") {
  // The library, as --temperature is one number for all items of a run.
  TEST_CASE("every item of both dumps at every fixed temperature") {
    for (const Json& dump : reference_dumps()) {
      const snnl::dump::Reader reader({analyze::testdata(dump["file"])}, {});
      REQUIRE(reader.items().size() == dump["items"].size());
      for (std::size_t k = 0; k < reader.items().size(); ++k) {
        const snnl::dump::Activations activations = reader.read(reader.items()[k]);
        const Json& known = dump["items"][k];
        const double mean_distance = known["optimum"]["mean_distance"];
        REQUIRE(known["fixed"].size() >= 11);
        for (const Json& fixed : known["fixed"]) {
          snnl::EntanglementOptions options;
          options.temperature = std::exp2(fixed["factor_log2"].get<double>()) * mean_distance;
          const std::vector<std::int64_t> labels(activations.labels.begin(), activations.labels.end());
          const snnl::SampleMatrix samples =
              std::visit([](const auto& x) { return snnl::SampleMatrix(x.view()); }, activations.values);
          const double value = snnl::entanglement(samples, labels, options).value;
          CHECK_MESSAGE(within(value, fixed["entanglement"]), reader.items()[k].location, ": ", value, " at 2^",
                        fixed["factor_log2"], ", not ", fixed["entanglement"]);
        }
      }
    }
  }

  TEST_CASE("--temperature T on the command line") {
    const Json dump = reference_dumps()[0];
    const Json& known = dump["items"][0];
    for (const Json& fixed : known["fixed"]) {
      const double temperature =
          std::exp2(fixed["factor_log2"].get<double>()) * known["optimum"]["mean_distance"].get<double>();
      const std::string text = snnl::text::format_number(temperature);
      const Json analysis = analyze::json_of(
          {analyze::testdata(dump["file"]), "--layers", known["layer"], "--epochs", "0", "--temperature", text});
      const Json& item = analyze::item(analysis, 0, known["layer"]);
      CHECK(analysis["options"]["temperature"] == temperature);
      CHECK(item["temperature"] == temperature);
      CHECK(item["temperature_status"] == "fixed");
      CHECK_MESSAGE(within(item["entanglement"], fixed["entanglement"]), item["entanglement"], " at ", text);
    }
  }
}
