#include "support/analyze.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <utility>

namespace analyze {
namespace {

constexpr const char* prefix = "snnl-analyze: error: ";

void check_item(const Json& item, std::size_t classes) {
  CAPTURE(item["layer"]);
  CHECK(item["scored"] <= item["samples"]);
  REQUIRE(item["class_entanglement"].size() == classes);
  REQUIRE(item["class_similarity"].size() == classes);
  for (const Json& row : item["class_similarity"]) {
    REQUIRE(row.size() == classes);
    if (row[0].is_null()) {
      for (const Json& value : row) CHECK(value.is_null());
      continue;
    }
    double sum = 0;
    for (const Json& value : row) sum += value.get<double>();
    CHECK(sum == doctest::Approx(1).epsilon(1e-9));
  }
  const double chance = item["chance"], value = item["entanglement"];
  if (item["normalized"].is_null()) {
    CHECK(chance == 0);
  } else {
    CHECK(item["normalized"].get<double>() == doctest::Approx(value / chance).epsilon(1e-12));
  }
  CHECK(item["effective_neighbors"] <= item["samples"].get<double>() - 1 + 1e-9);
  if (const Json& curve = item["temperature_curve"]; !curve.is_null()) {
    REQUIRE(curve["temperature"].size() == curve["entanglement"].size());
    for (std::size_t k = 1; k < curve["temperature"].size(); ++k) {
      CHECK(curve["temperature"][k] > curve["temperature"][k - 1]);
    }
  }
}

}  // namespace

std::string testdata(const std::string& name) { return std::string(SNNL_SOURCE_DIR) + "/testdata/" + name; }
std::string dump(const std::string& name) { return std::string(SNNL_TEST_DUMPS) + "/" + name + ".h5"; }
std::string cli_dump(const std::string& name) { return std::string(SNNL_TEST_CLI_DUMPS) + "/" + name + ".h5"; }

run::Result run(const std::vector<std::string>& arguments, const run::Options& options) {
  return run::program("snnl-analyze", arguments, options);
}

std::string schema_complaint(const std::vector<std::string>& files, const std::string& schema) {
  std::vector<std::string> arguments{std::string(SNNL_SOURCE_DIR) + "/tests/validate_json.py",
                                     std::string(SNNL_SOURCE_DIR) + "/docs/schema/" + schema + ".schema.json"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  const run::Result result = run::program(SNNL_PYTHON, arguments);
  REQUIRE_MESSAGE(result.status <= 1, result.err);
  CHECK((result.status == 0) == result.out.empty());
  return result.out;
}

Json checked(const std::string& text) {
  const Scratch scratch;
  scratch.write("analysis.json", text);
  CHECK(schema_complaint({scratch.path("analysis.json")}) == "");

  Json analysis = Json::parse(text);
  const std::size_t classes = analysis["labels"]["classes"].size();
  const std::size_t curve = analysis["options"]["temperature_curve"];
  std::set<std::pair<std::int64_t, std::string>> seen;
  std::int64_t epoch = std::numeric_limits<std::int64_t>::min();
  for (const Json& one : analysis["items"]) {
    CHECK(seen.emplace(one["epoch"], one["layer"]).second);
    CHECK(one["epoch"] >= epoch);
    epoch = one["epoch"];
    if (one["status"] != "ok") continue;
    check_item(one, classes);
    if (curve > 0) CHECK(one["temperature_curve"]["temperature"].size() == curve);
  }
  return analysis;
}

Json json_of(std::vector<std::string> arguments, int status) {
  arguments.insert(arguments.end(), {"--json", "-"});
  const run::Result result = run(arguments);
  CHECK_MESSAGE(result.status == status, result.err);
  if (status == 0) CHECK(result.err == "");
  return checked(result.out);
}

const Json& item(const Json& analysis, int epoch, const std::string& layer) {
  static const Json none;
  for (const Json& one : analysis["items"]) {
    if (one["epoch"] == epoch && one["layer"] == layer) return one;
  }
  FAIL("no item of epoch ", epoch, ", layer ", layer);
  return none;
}

std::vector<std::string> error_lines(const run::Result& result, std::size_t count) {
  std::vector<std::string> lines = lines_of(result.err);
  CHECK_MESSAGE(lines.size() == count, result.err);
  CHECK(result.err.find("HDF5-DIAG") == std::string::npos);
  CHECK((result.err.empty() || result.err.back() == '\n'));
  for (std::string& line : lines) {
    CHECK_MESSAGE(line.rfind(prefix, 0) == 0, line);
    line.erase(0, std::string(prefix).size());
  }
  lines.resize(count);
  return lines;
}

std::string refusal(const std::vector<std::string>& arguments, const run::Options& options) {
  const run::Result result = run(arguments, options);
  CHECK(result.status == 2);
  CHECK(result.out == "");
  return error_lines(result)[0];
}

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back(std::move(row));
      row.assign(1, "");
    } else {
      row.back() += c;
    }
  }
  CHECK(!quoted);
  CHECK(row == std::vector<std::string>{""});  // the file ends with a line end
  return rows;
}

}  // namespace analyze
