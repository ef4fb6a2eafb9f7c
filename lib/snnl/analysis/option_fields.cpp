#include "snnl/analysis/option_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/dump/names.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/features/names.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/text/number.hpp"

namespace snnl::analysis {
namespace {

using Json = nlohmann::ordered_json;
using Options = AnalysisOptions;

template <class Enum>
void read_named(const json::Cursor& at, Enum& out) {
  out = engine::all_named<Enum>()[at.one_of(engine::names_of<Enum>())].value;
}

using dump::IntegerBits;

template <IntegerBits bits>
Json write_bits(const Options& o) {
  return Json(o.integer_bits == bits);
}

template <IntegerBits bits>
void read_bits(const json::Cursor& at, Options& o) {
  if (!at.flag()) return;
  if (o.integer_bits != IntegerBits::numbers) at.fail("is true, and so is another reading of the same integers");
  o.integer_bits = bits;
}

/// Null for none.
template <std::size_t EntanglementOptions::*count>
Json write_count(const Options& o) {
  return o.entanglement.*count > 0 ? Json(o.entanglement.*count) : Json(nullptr);
}

template <std::size_t EntanglementOptions::*count>
void read_count(const json::Cursor& at, Options& o) {
  if (!at.is_null()) o.entanglement.*count = at.count();
}

void read_temperature(const json::Cursor& at, Options& o) {
  if (at.is_text()) {
    at.one_of({"auto"});
    return;
  }
  o.entanglement.temperature = at.number();
  if (!(*o.entanglement.temperature > 0)) at.fail("is not greater than 0");
}

void read_pool(const json::Cursor& at, Options& o) {
  if (const std::string wrong = dump::parse_pool(at.text(), o.pooling); !wrong.empty()) at.fail("is " + wrong);
}

/// As a person would have typed it.
std::string text_of(const Json& value) {
  if (value.is_null()) return "0";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array() && value.empty()) return "not given";
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
      {"rows", true, write_count<&EntanglementOptions::rows>, read_count<&EntanglementOptions::rows>},
      {"neighborhood", true, write_count<&EntanglementOptions::neighborhood>,
       read_count<&EntanglementOptions::neighborhood>, true},
      {"seed", true,
       [](const Options& o) {
         const bool drawn = o.entanglement.rows > 0 || o.entanglement.neighborhood > 0;
         return drawn ? Json(o.entanglement.seed) : Json(nullptr);
       },
       [](const json::Cursor& at, Options& o) {
         if (!at.is_null()) o.entanglement.seed = at.count();
       }},
      {"nonfinite", true, [](const Options& o) { return Json(name_of(o.nonfinite)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.nonfinite); }},
      {"bfloat16", true, write_bits<IntegerBits::bfloat16>, read_bits<IntegerBits::bfloat16>, true},
      {"float16_bits", true, write_bits<IntegerBits::float16>, read_bits<IntegerBits::float16>, true},
      {"ignore_label", true, [](const Options& o) { return Json(o.ignored_labels); },
       [](const json::Cursor& at, Options& o) {
         for (const json::Cursor& label : at.elements()) o.ignored_labels.push_back(label.text());
       },
       true},
      {"pool", true, [](const Options& o) { return Json(dump::pool_text(o.pooling)); }, read_pool, true},
      {"channels_last", true, [](const Options& o) { return Json(o.pooling.channels_last); },
       [](const json::Cursor& at, Options& o) { o.pooling.channels_last = at.boolean(); }, true},
      {"tokens", true, [](const Options& o) { return Json(name_of(o.pooling.tokens)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.pooling.tokens); }, true},
      {"standardize", true, [](const Options& o) { return Json(o.features.standardize); },
       [](const json::Cursor& at, Options& o) { o.features.standardize = at.boolean(); }, true},
      {"whiten", true, [](const Options& o) { return Json(name_of(o.features.whiten)); },
       [](const json::Cursor& at, Options& o) { read_named(at, o.features.whiten); }, true},
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
