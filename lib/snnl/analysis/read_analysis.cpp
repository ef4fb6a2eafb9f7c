#include <fmt/format.h>

#include <cmath>
#include <set>
#include <utility>

#include "snnl/analysis.hpp"
#include "snnl/analysis/measures.hpp"
#include "snnl/analysis/option_fields.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/entanglement/names.hpp"
#include "snnl/json/cursor.hpp"

namespace snnl {
namespace {

constexpr const char* schema = "snnl.analysis/1";

void check_schema(const json::Cursor& top) {
  const std::string given = top.at("schema").text();
  if (given == schema) return;
  const bool later = given.rfind("snnl.analysis/", 0) == 0;
  top.at("schema").fail(fmt::format("is '{}', expected '{}'; {}", given, schema,
                                    later ? "it is of another version of snnl-analyze: analyse the dump again"
                                          : "write it with snnl-analyze --json"));
}

AnalysisOptions read_options(const json::Cursor& at) {
  AnalysisOptions options;
  for (const analysis::OptionField& field : analysis::option_fields()) {
    if (!field.added || at.find(field.name)) field.read(at.at(field.name), options);
  }
  return options;
}

// A number that must not be negative, as far as rounding goes.
double not_negative(const json::Cursor& at) {
  const double value = at.number();
  if (value < -1e-6) at.fail("is negative");
  return value;
}

double positive(const json::Cursor& at) {
  const double value = at.number();
  if (!(value > 0)) at.fail("is not greater than 0");
  return value;
}

void check_length(const json::Cursor& at, std::size_t length, const std::string& of) {
  if (at.size() == length) return;
  at.fail(fmt::format("holds {} values, expected {}, one for each {}", at.size(), length, of));
}

xt::xtensor<double, 2> read_similarity(const json::Cursor& at, std::size_t classes) {
  const std::vector<json::Cursor> rows = at.elements();
  check_length(at, classes, "class");
  xt::xtensor<double, 2> out = xt::xtensor<double, 2>::from_shape({classes, classes});
  for (std::size_t a = 0; a < classes; ++a) {
    const std::vector<double> row = rows[a].numbers_or_nan();
    check_length(rows[a], classes, "class");
    for (std::size_t b = 0; b < classes; ++b) out(a, b) = row[b];
  }
  return out;
}

void read_curve(const json::Cursor& at, Entanglement& r) {
  r.curve_temperature = at.at("temperature").numbers_or_nan();
  r.curve_value = at.at("entanglement").numbers_or_nan();
  check_length(at.at("entanglement"), r.curve_temperature.size(), "temperature");
}

double read_measure(const json::Cursor& at, analysis::Measure::Range range) {
  switch (range) {
    case analysis::Measure::Range::any:
      return at.number();
    case analysis::Measure::Range::not_negative:
      return not_negative(at);
    case analysis::Measure::Range::may_be_null:
      return at.number_or_nan();
  }
  return 0;
}

Entanglement read_result(const json::Cursor& at, const AnalysisOptions& options, std::size_t classes) {
  Entanglement r;
  r.samples = at.at("samples").count();
  r.features = at.at("features").count();
  r.scored = at.at("scored").count();
  r.queries = at.at("queries").count();
  r.temperature = positive(at.at("temperature"));
  r.temperature_status =
      engine::all_named<TemperatureStatus>()[at.at("temperature_status").one_of(engine::names_of<TemperatureStatus>())]
          .value;
  r.mean_distance = positive(at.at("mean_distance"));
  for (const analysis::Measure& measure : analysis::measures())
    r.*measure.value = read_measure(at.at(measure.name), measure.range);
  r.used_double = at.at("precision").one_of({"float", "double"}) == 1;
  const json::Cursor by_class = at.at("class_entanglement");
  r.class_entanglement = by_class.numbers_or_nan();
  check_length(by_class, classes, "class");
  r.class_similarity = read_similarity(at.at("class_similarity"), classes);
  if (options.entanglement.temperature_curve > 0) {
    read_curve(at.at("temperature_curve"), r);
  } else if (!at.at("temperature_curve").is_null()) {
    at.at("temperature_curve").fail("is not null, but /options/temperature_curve is 0");
  }
  return r;
}

/// Files of before do not have them.
void read_losses(const json::Cursor& at, AnalysedItem& item) {
  const std::optional<json::Cursor> losses = at.find("sample_losses");
  if (!losses || losses->is_null()) return;
  std::optional<std::vector<float>> found = analysis::unpack_losses(losses->text());
  if (!found) losses->fail("is not base64 of float32 values");
  if (found->size() != item.result->samples) {
    losses->fail(fmt::format("holds {} losses, expected {}, one for each sample", found->size(), item.result->samples));
  }
  item.sample_losses = std::move(*found);
  item.sample_digest = at.at("sample_digest").text();
}

std::vector<Share> read_shares(const json::Cursor& at, const char* what) {
  std::vector<Share> out;
  for (const json::Cursor& one : at.elements()) {
    out.push_back({one.at(what).count(), one.at("share").number()});
    if (!(out.back().share >= 0 && out.back().share <= 1)) one.at("share").fail("is not in [0, 1]");
  }
  return out;
}

Dominance read_dominance(const json::Cursor& at) {
  return {at.at("constant_features").count(), read_shares(at.at("features"), "feature"),
          read_shares(at.at("samples"), "row")};
}

ChangedFeatures read_changed(const json::Cursor& at) {
  return {at.at("features").count(), at.at("constant").count(), at.at("dropped").count()};
}

/// Files of before do not have them.
std::optional<SampleIds> read_sample_ids(const json::Cursor& item) {
  const std::optional<json::Cursor> ids = item.find("sample_ids");
  if (!ids || ids->is_null()) return std::nullopt;
  SampleIds out{ids->at("set").text(), ids->at("order").text()};
  for (const char* field : {"set", "order"}) {
    if (ids->at(field).text().empty()) ids->at(field).fail("is empty");
  }
  return out;
}

void check_empty(const json::Cursor& item) {
  const auto check = [&](const char* field) {
    if (!item.at(field).is_null()) item.at(field).fail("is not null, but the item is in error");
  };
  for (const char* field :
       {"samples", "features", "scored", "queries", "dropped", "temperature", "temperature_status", "mean_distance"}) {
    check(field);
  }
  for (const analysis::Measure& measure : analysis::measures()) check(measure.name);
  for (const char* field : {"precision", "class_entanglement", "class_similarity", "temperature_curve"}) check(field);
}

AnalysedItem read_item(const json::Cursor& at, const Analysis& analysis) {
  AnalysedItem item;
  item.epoch = at.at("epoch").integer();
  item.layer = at.at("layer").text();
  if (item.layer.empty()) at.at("layer").fail("is empty");
  if (at.at("status").one_of({"ok", "error"}) == 0) {
    if (!at.at("message").is_null()) at.at("message").fail("is not null, but the item is not in error");
    item.dropped = at.at("dropped").count();
    if (const auto ignored = at.find("ignored")) item.ignored = ignored->count();
    if (const auto digest = at.find("digest")) item.digest = digest->text_or_empty();
    if (const auto checksum = at.find("checksum")) item.checksum = checksum->text_or_empty();
    if (const auto dominance = at.find("dominance"); dominance && !dominance->is_null()) {
      item.dominance = read_dominance(*dominance);
    }
    if (const auto changed = at.find("changed_features"); changed && !changed->is_null()) {
      item.changed = read_changed(*changed);
    }
    item.sample_ids = read_sample_ids(at);
    item.result = read_result(at, analysis.options, analysis.classes.size());
    read_losses(at, item);
  } else {
    item.message = at.at("message").text();
    check_empty(at);
  }
  return item;
}

}  // namespace

Analysis read_analysis(const std::string& file) {
  const nlohmann::json document = json::read_file(file);
  const json::Cursor top(file, document);
  check_schema(top);
  Analysis analysis;
  analysis.version = top.at("generator").at("version").text();
  for (const json::Cursor& input : top.at("inputs").elements()) analysis.inputs.push_back(input.text());
  analysis.label_path = top.at("labels").at("path").text();
  for (const json::Cursor& c : top.at("labels").at("classes").elements()) {
    analysis.classes.push_back({c.at("name").text(), c.at("count").count()});
  }
  if (analysis.classes.empty()) top.at("labels").at("classes").fail("is empty");
  analysis.options = read_options(top.at("options"));
  std::set<std::pair<std::int64_t, std::string>> seen;
  for (const json::Cursor& at : top.at("items").elements()) {
    AnalysedItem item = read_item(at, analysis);
    if (!seen.emplace(item.epoch, item.layer).second) {
      at.fail(fmt::format("is epoch {} of layer '{}', which was there before", item.epoch, item.layer));
    }
    analysis.items.push_back(std::move(item));
  }
  if (analysis.items.empty()) top.at("items").fail("is empty");
  return analysis;
}

}  // namespace snnl
