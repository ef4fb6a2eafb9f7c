#include "snnl/analysis/option_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/dump/pooling_text.hpp"
#include "snnl/entanglement/names.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/text/number.hpp"

namespace snnl::analysis {
namespace {

using Json = nlohmann::ordered_json;
using Options = AnalysisOptions;

void read_temperature(const json::Cursor& at, Options& o) {
  if (at.is_text()) {
    at.one_of({"auto"});
    return;
  }
  o.entanglement.temperature = at.number();
  if (!(*o.entanglement.temperature > 0)) at.fail("is not greater than 0");
}

template <class Enum>
void read_named(const json::Cursor& at, Enum& out) {
  out = engine::all_named<Enum>()[at.one_of(engine::names_of<Enum>())].value;
}

void read_pool(const json::Cursor& at, Options& o) {
  if (const std::string wrong = dump::parse_pool(at.text(), o.pooling); !wrong.empty()) at.fail("is " + wrong);
}

/// As a person would have typed it.
std::string text_of(const Json& value) {
  if (value.is_null()) return "0";
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? text::format_number(value.get<double>()) : value.dump();
}

}  // namespace

const std::vector<OptionField>& option_fields() {
  static const std::vector<OptionField> fields = {
      {"temperature", true,
       [](const Options& o) { return o.entanglement.temperature ? Json(*o.entanglement.temperature) : Json("auto"); },
       read_temperature},
      {"temperature_curve", true, [](const Options& o) { return Json(o.entanglement.temperature_curve); },
       [](const json::Cursor& at, Options& o) { o.entanglement.temperature_curve = at.count(); }},
      {"distance", true, [](const Options& o) { return Json(name_of(o.entanglement.distance)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.entanglement.distance); }},
      {"precision", true, [](const Options& o) { return Json(name_of(o.entanglement.precision)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.entanglement.precision); }},
      {"rows", true,
       [](const Options& o) { return o.entanglement.rows > 0 ? Json(o.entanglement.rows) : Json(nullptr); },
       [](const json::Cursor& at, Options& o) {
         if (!at.is_null()) o.entanglement.rows = at.count();
       }},
      {"neighborhood", true,
       [](const Options& o) {
         return o.entanglement.neighborhood > 0 ? Json(o.entanglement.neighborhood) : Json(nullptr);
       },
       [](const json::Cursor& at, Options& o) {
         if (!at.is_null()) o.entanglement.neighborhood = at.count();
       },
       true},
      {"seed", true,
       [](const Options& o) {
         const bool drawn = o.entanglement.rows > 0 || o.entanglement.neighborhood > 0;
         return drawn ? Json(o.entanglement.seed) : Json(nullptr);
       },
       [](const json::Cursor& at, Options& o) {
         if (!at.is_null()) o.entanglement.seed = at.count();
       }},
      {"nonfinite", true, [](const Options& o) { return Json(o.nonfinite); },
       [](const json::Cursor& at, Options& o) { o.nonfinite = at.text(); }},
      {"pool", true, [](const Options& o) { return Json(dump::pool_text(o.pooling)); }, read_pool, true},
      {"channels_last", true, [](const Options& o) { return Json(o.pooling.channels_last); },
       [](const json::Cursor& at, Options& o) { o.pooling.channels_last = at.boolean(); }, true},
      {"tokens", true, [](const Options& o) { return Json(name_of(o.pooling.tokens)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.pooling.tokens); }, true},
      {"layout", false, [](const Options& o) { return json::text_or_null(o.layout); },
       [](const json::Cursor& at, Options& o) { o.layout = at.text_or_empty(); }},
      {"labels", false, [](const Options& o) { return json::text_or_null(o.labels); },
       [](const json::Cursor& at, Options& o) { o.labels = at.text_or_empty(); }},
      {"layers", false, [](const Options& o) { return Json(o.layers); },
       [](const json::Cursor& at, Options& o) {
         for (const json::Cursor& layer : at.elements()) o.layers.push_back(layer.text());
       }},
      {"epochs", false, [](const Options& o) { return json::text_or_null(o.epochs); },
       [](const json::Cursor& at, Options& o) { o.epochs = at.text_or_empty(); }},
  };
  return fields;
}

std::string option_difference(const AnalysisOptions& now, const AnalysisOptions& before) {
  for (const OptionField& field : option_fields()) {
    const Json was = field.write(before);
    if (!field.changes_numbers || field.write(now) == was) continue;
    std::string option = field.name;
    std::replace(option.begin(), option.end(), '_', '-');
    return fmt::format("--{}, which was {}", option, text_of(was));
  }
  return "";
}

}  // namespace snnl::analysis
